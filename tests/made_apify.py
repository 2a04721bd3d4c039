"""Apify datasets, whole and reduced; people and places do not exist."""

from making import (
    EPOCH,
    ID,
    OTHER,
    PARENT,
    TEXT,
    UTC,
    X_TIME,
    Z_TIME,
    Made,
    array,
    table,
    workbook,
)


def exports() -> list[Made]:
    """Return the exports with what reading them must give."""
    tiktok = {
        "text": TEXT,
        "diggCount": 3,
        "replyCommentTotal": 0,
        "createTimeISO": Z_TIME,
        "createTime": EPOCH,
        "uniqueId": "budi.sukamaju",
        "videoWebUrl": "https://www.tiktok.com/@kabar_sukamaju/video/7",
        "cid": ID,
        "repliesToId": None,
    }
    insta = {
        "id": "17900000000000001",
        "text": TEXT,
        "timestamp": Z_TIME,
        "ownerUsername": "budi.sukamaju",
        "postUrl": "https://www.instagram.com/p/AbCd/",
        "repliesCount": 1,
        "replies": [
            {
                "id": "17900000000000002",
                "text": OTHER,
                "ownerUsername": "rahma",
                "timestamp": Z_TIME,
            }
        ],
    }
    post = {
        "id": "31",
        "shortCode": "AbCd",
        "caption": PARENT,
        "url": "https://www.instagram.com/p/AbCd/",
        "ownerUsername": "kelurahan.sukamaju",
        "ownerFullName": "Kelurahan",
        "timestamp": Z_TIME,
        "firstComment": "bukan ini",
        "alt": "foto",
        "commentsCount": 1,
        "latestComments": [
            {"id": "32", "text": OTHER, "ownerUsername": "rahma", "timestamp": Z_TIME}
        ],
    }
    facebook = {
        "facebookUrl": "https://www.facebook.com/sukamaju",
        "postId": "709200000000001",
        "pageName": "sukamaju",
        "url": "https://www.facebook.com/sukamaju/posts/pfbid0A",
        "time": Z_TIME,
        "timestamp": EPOCH,
        "user": {"id": "1000", "name": "Desa Sukamaju"},
        "text": TEXT,
        "likes": 1,
        "comments": 2,
    }
    shared = {**{k: v for k, v in facebook.items() if k != "text"}, "sharedPost": {"text": PARENT}}
    group = {
        "facebookUrl": "https://www.facebook.com/groups/5",
        "groupTitle": "Warga Sukamaju",
        "url": "https://www.facebook.com/groups/5/permalink/6/",
        "user": {"id": "1000", "name": "Budi"},
        "time": Z_TIME,
        "legacyId": "6",
        "text": TEXT,
        "topComments": [{"id": "7", "text": OTHER, "profileId": "1001", "date": Z_TIME}],
    }
    tweet = {
        "type": "tweet",
        "id": ID,
        "url": f"https://x.com/budi_sukamaju/status/{ID}",
        "text": TEXT[:20] + "…",
        "fullText": TEXT,
        "createdAt": X_TIME,
        "author": {"userName": "budi_sukamaju", "name": "Budi"},
        "isReply": True,
        "isRetweet": False,
        "isQuote": False,
        "conversationId": "5",
    }
    comments = {
        "facebookUrl": "https://www.facebook.com/sukamaju/posts/1",
        "commentUrl": "https://www.facebook.com/sukamaju/posts/1?comment_id=22",
        "id": "Y29tbWVudDox",
        "date": Z_TIME,
        "text": TEXT,
        "profileName": "Budi",
        "profileId": "1000",
        "likesCount": "0",
        "postTitle": PARENT,
        "threadingDepth": 0,
    }
    video = {
        "id": ID,
        "text": TEXT,
        "createTimeISO": Z_TIME,
        "authorMeta": {"name": "budi.sukamaju", "nickName": "Budi"},
        "webVideoUrl": f"https://www.tiktok.com/@budi.sukamaju/video/{ID}",
        "diggCount": 1,
    }
    fb_columns = {
        "text": "text",
        "account": "pageName",
        "posted_at": "time",
        "url": "url",
        "post_id": "postId",
        "parent_text": "sharedPost.text",
    }
    flat_video = {
        "id": ID,
        "text": TEXT,
        "createTimeISO": Z_TIME,
        "authorMeta/name": "budi.sukamaju",
        "webVideoUrl": f"https://www.tiktok.com/@budi.sukamaju/video/{ID}",
    }
    return [
        Made(
            "apify-tiktok-comments",
            "dataset_tiktok-comments-scraper_2024.csv",
            table(
                list(tiktok), list(tiktok.values()), [OTHER, *list(tiktok.values())[1:]], bom=True
            ),
            {"text": "text", "account": "uniqueId", "posted_at": "createTimeISO", "post_id": "cid"},
            {
                "text": TEXT,
                "account": "budi.sukamaju",
                "posted_at": UTC,
                "url": "",
                "post_id": ID,
                "text_kind": "reply",
            },
        ),
        Made(
            "apify-tiktok-comments hasil kosong",
            "dataset.json",
            array(tiktok, {"noResults": True}),
            {"text": "text", "account": "uniqueId", "posted_at": "createTimeISO", "post_id": "cid"},
            {"text": TEXT},
            n=1,
            preset="apify-tiktok-comments",
        ),
        Made(
            "apify-tiktok",
            "dataset.json",
            array(video, video),
            {
                "text": "text",
                "account": "authorMeta.name",
                "posted_at": "createTimeISO",
                "url": "webVideoUrl",
                "post_id": "id",
            },
            {"account": "budi.sukamaju", "url": video["webVideoUrl"], "text_kind": "own"},
        ),
        Made(
            "apify-tiktok tabel",
            "dataset.csv",
            table(list(flat_video), list(flat_video.values()), bom=True),
            {
                "text": "text",
                "account": "authorMeta/name",
                "posted_at": "createTimeISO",
                "url": "webVideoUrl",
                "post_id": "id",
            },
            {"account": "budi.sukamaju"},
            n=1,
            preset="apify-tiktok",
        ),
        Made(
            "apify-instagram-comments",
            "dataset.json",
            array(insta, {**insta, "replies": []}),
            {"text": "text", "account": "ownerUsername", "posted_at": "timestamp", "post_id": "id"},
            {
                "account": "budi.sukamaju",
                "posted_at": UTC,
                "post_id": "17900000000000001",
                "url": "",
                "text_kind": "reply",
            },
        ),
        Made(
            "apify-instagram-replies",
            "dataset.json",
            array(insta, {**insta, "replies": []}),
            {
                "text": "replies[].text",
                "account": "replies[].ownerUsername",
                "posted_at": "replies[].timestamp",
                "post_id": "replies[].id",
                "parent_text": "text",
            },
            {"text": OTHER, "account": "rahma", "parent_text": TEXT},
            n=1,
            table=1,
        ),
        Made(
            "apify-instagram",
            "dataset.json",
            array(post, post),
            {
                "text": "caption",
                "account": "ownerUsername",
                "posted_at": "timestamp",
                "url": "url",
                "post_id": "id",
            },
            {"text": PARENT, "account": "kelurahan.sukamaju", "text_kind": "own"},
        ),
        Made(
            "apify-instagram-latest",
            "dataset.json",
            array(post),
            {
                "text": "latestComments[].text",
                "account": "latestComments[].ownerUsername",
                "posted_at": "latestComments[].timestamp",
                "post_id": "latestComments[].id",
                "parent_text": "caption",
            },
            {"text": OTHER, "parent_text": PARENT, "account": "rahma"},
            n=1,
            table=1,
        ),
        Made(
            "apify-facebook-posts",
            "dataset.json",
            array(facebook, shared),
            fb_columns,
            {
                "text": TEXT,
                "account": "sukamaju",
                "posted_at": UTC,
                "url": facebook["url"],
                "post_id": "709200000000001",
                "text_kind": "own",
            },
            last={"text": "", "parent_text": PARENT, "text_kind": "share"},
        ),
        Made(
            "apify-facebook-comments",
            "dataset.json",
            array(comments, comments),
            {
                "text": "text",
                "account": "profileId",
                "posted_at": "date",
                "url": "commentUrl",
                "post_id": "id",
                "parent_text": "postTitle",
            },
            {"account": "1000", "parent_text": PARENT, "text_kind": "reply"},
        ),
        Made(
            "apify-facebook-groups",
            "dataset.json",
            array(group, group),
            {
                "text": "text",
                "account": "user.id",
                "posted_at": "time",
                "url": "url",
                "post_id": "legacyId",
            },
            {"text": TEXT, "account": "1000", "post_id": "6"},
        ),
        Made(
            "apify-facebook-top-comments",
            "dataset.json",
            array(group),
            {
                "text": "topComments[].text",
                "account": "topComments[].profileId",
                "posted_at": "topComments[].date",
                "post_id": "topComments[].id",
                "parent_text": "text",
            },
            {"text": OTHER, "parent_text": TEXT},
            n=1,
            table=1,
        ),
        Made(
            "apify-tweets",
            "dataset.json",
            array(tweet, {**tweet, "isReply": False, "isRetweet": True}),
            {
                "text": "fullText",
                "account": "author.userName",
                "posted_at": "createdAt",
                "url": "url",
                "post_id": "id",
            },
            {
                "text": TEXT,
                "account": "budi_sukamaju",
                "posted_at": UTC,
                "text_kind": "reply",
                "truncated": False,
            },
            last={"text_kind": "repost"},
        ),
        Made(
            "apify kolom pilihan",
            "dataset.xlsx",
            workbook(
                {
                    "Data": [
                        ["ownerUsername", "text", "timestamp"],
                        ["budi.sukamaju", TEXT, Z_TIME],
                        ["rahma", OTHER, Z_TIME],
                    ]
                }
            ),
            {"text": "text", "account": "ownerUsername", "posted_at": "timestamp"},
            {"text": TEXT, "account": "budi.sukamaju", "posted_at": UTC, "text_kind": "unknown"},
            preset=None,
        ),
    ]
