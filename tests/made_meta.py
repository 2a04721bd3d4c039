"""Exports of Facebook, Instagram and Threads; people and places do not exist."""

import json

from making import (
    EPOCH,
    ID,
    OTHER,
    PARENT,
    TEXT,
    UTC,
    WHOLE,
    Made,
    array,
    table,
    workbook,
    zeeschuimer,
)


def exports() -> list[Made]:
    """Return the exports with what reading them must give."""
    node = {
        "node": {
            "id": "31",
            "shortcode": "AbCd",
            "taken_at_timestamp": EPOCH,
            "owner": {"username": "budi.sukamaju", "id": "7"},
            "edge_media_to_caption": {"edges": [{"node": {"text": TEXT}}]},
        },
        "instaloader": {"version": "4.10", "node_type": "Post"},
    }
    comment = {
        "id": "41",
        "created_at": EPOCH,
        "text": TEXT,
        "owner": {"id": "7", "username": "budi.sukamaju"},
        "likes_count": 0,
        "answers": [
            {"id": "42", "created_at": EPOCH, "text": OTHER, "owner": {"username": "rahma"}}
        ],
    }
    latin = TEXT.encode().decode("latin-1")
    dyi = [
        {
            "timestamp": EPOCH,
            "title": "Budi updated his status.",
            "data": [{"update_timestamp": EPOCH}, {"post": latin}],
            "attachments": [
                {
                    "data": [
                        {
                            "media": {
                                "uri": "a.jpg",
                                "media_metadata": {"photo_metadata": {"upload_ip": "203.0.113.9"}},
                            }
                        }
                    ]
                }
            ],
        },
        {
            "timestamp": EPOCH,
            "title": "Budi shared a link.",
            "data": [],
            "attachments": [
                {"data": [{"external_context": {"name": PARENT, "url": "https://contoh.invalid"}}]}
            ],
        },
    ]
    ct = [
        "Page Name",
        "User Name",
        "Facebook Id",
        "Page Description",
        "Post Created",
        "Type",
        "Likes",
        "URL",
        "Message",
        "Link Text",
        "Description",
    ]
    api = {
        "platformId": "1_2",
        "platform": "Facebook",
        "date": "2024-03-02 01:15:30",
        "type": "link",
        "description": WHOLE[:60] + "...",
        "postUrl": "https://www.facebook.com/groups/1/permalink/2",
        "account": {"id": 1, "name": "Warga Sukamaju"},
    }
    insta = {
        "id": "31_7",
        "code": "AbCd",
        "taken_at": EPOCH,
        "user": {"username": "budi.sukamaju", "full_name": "Budi"},
        "caption": {"text": TEXT},
    }
    dyi_comment = {
        "comments_v2": [
            {
                "timestamp": EPOCH,
                "data": [{"comment": {"timestamp": EPOCH, "comment": TEXT, "author": "Budi"}}],
                "title": "Budi commented on a post.",
            }
        ]
    }
    chat = {
        "participants": [{"name": "Budi"}],
        "messages": [
            {"sender_name": "Budi", "timestamp_ms": EPOCH * 1000, "content": latin},
            {
                "sender_name": "Rahma",
                "timestamp_ms": EPOCH * 1000,
                "content": OTHER,
                "share": {"share_text": PARENT},
            },
        ],
    }
    ig_comment = [
        "User ID",
        "Username",
        "Comment ID",
        "Comment",
        "Comment Time",
        "User Homepage",
        "Avatar URL",
    ]
    view = f"https://www.exportcomments.com/done/abc/preview/{ID}"
    export = [
        ["ExportComments.com"],
        ["Source URL", "https://www.facebook.com/1"],
        [],
        [],
        [],
        [
            "",
            "",
            "Name (click to view profile)",
            "Profile ID",
            "Date",
            "Likes",
            "Comment",
            "(view source)",
        ],
        [1, "", "Budi", "ID: 1000", "2024-03-02 08:15:30", 0, TEXT, "view comment"],
        [2, "", "Rahma", "ID: 1001", "2024-03-02 08:15:30", 0, OTHER, "view comment"],
    ]
    mcl = {
        "id": "90",
        "text": TEXT,
        "creation_time": "2024-03-02T01:15:30+0000",
        "lang": "id",
        "mcl_url": "https://www.facebook.com/mcl/90",
        "post_owner.username": "sukamaju",
        "post_owner.name": "Desa",
        "shared_post_id": "",
    }
    pager = [
        "level",
        "id",
        "parent_id",
        "object_id",
        "object_type",
        "object_key",
        "query_status",
        "query_time",
        "query_type",
        "message",
        "from.name",
        "created_time",
        "permalink_url",
    ]
    threads = {
        "code": "Tr1",
        "taken_at": EPOCH,
        "user": {"username": "budi.sukamaju"},
        "caption": {"text": TEXT},
    }
    return [
        Made(
            "instaloader",
            "2024-03-02_01-15-30_UTC.json",
            json.dumps(node).encode(),
            {
                "text": "node.edge_media_to_caption.edges[0].node.text",
                "account": "node.owner.username",
                "posted_at": "node.taken_at_timestamp",
                "post_id": "node.id",
            },
            {
                "text": TEXT,
                "account": "budi.sukamaju",
                "posted_at": UTC,
                "url": "https://www.instagram.com/p/AbCd/",
            },
            n=1,
        ),
        Made(
            "instaloader-comments",
            "x_comments.json",
            array(comment, comment),
            {
                "text": "text",
                "account": "owner.username",
                "posted_at": "created_at",
                "post_id": "id",
            },
            {"text": TEXT, "account": "budi.sukamaju", "posted_at": UTC, "text_kind": "reply"},
        ),
        Made(
            "instaloader-answers",
            "x_comments.json",
            array(comment),
            {
                "text": "answers[].text",
                "account": "answers[].owner.username",
                "posted_at": "answers[].created_at",
                "post_id": "answers[].id",
                "parent_text": "text",
            },
            {"text": OTHER, "parent_text": TEXT},
            n=1,
            table=1,
        ),
        Made(
            "instaloader turunan",
            "hasil.csv",
            table(
                ["", "Username", "Caption", "Hastag", "Likes", "Comments"],
                [0, "budi.sukamaju", TEXT, "['#a']", 3, "['Mantap', 'Siap']"],
                [1, "rahma", OTHER, "[]", 2, "['Baik pak']"],
            ),
            {"text": "Caption", "account": "Username"},
            {"text": TEXT},
            preset=None,
        ),
        Made(
            "instagram-extension",
            "komentar.csv",
            table(
                ig_comment,
                [
                    "7",
                    "budi.sukamaju",
                    '="17900000000000001"',
                    TEXT,
                    "3/24/2025, 2:41:03 PM",
                    "https://www.instagram.com/budi",
                    "https://a.invalid/a.jpg",
                ],
                ["8", "rahma", '="17900000000000002"', OTHER, "3/2/2025, 2:41:03 PM", "", ""],
                bom=True,
            ),
            {
                "text": "Comment",
                "account": "Username",
                "posted_at": "Comment Time",
                "post_id": "Comment ID",
            },
            {
                "post_id": "17900000000000001",
                "posted_at": "2025-03-24T14:41:03",
                "text_kind": "reply",
            },
            last={"posted_at": "2025-03-02T14:41:03"},
        ),
        Made(
            "exportcomments",
            "komentar.xlsx",
            workbook({"ExportComments.com": export}, {(6, 7): view, (7, 7): view[:-1] + "0"}),
            {
                "text": "Comment",
                "account": "Profile ID",
                "posted_at": "Date",
                "url": "(view source) hyperlink",
                "post_id": "(view source) hyperlink",
            },
            {"text": TEXT, "account": "1000", "url": view, "post_id": ID},
        ),
        Made(
            "facepager",
            "facepager.csv",
            table(
                pager,
                [0, 1, "", "sukamaju", "seed", "", "", "", "", "", "", "", ""],
                [
                    1,
                    2,
                    1,
                    "5_6",
                    "data",
                    "data",
                    "fetched (200)",
                    "",
                    "Facebook:/posts",
                    TEXT,
                    "Desa Sukamaju",
                    "2024-03-02T01:15:30+0000",
                    "https://www.facebook.com/5/posts/6",
                ],
                sep=";",
                bom=True,
            ),
            {
                "text": "message",
                "account": "from.name",
                "posted_at": "created_time",
                "url": "permalink_url",
                "post_id": "object_id",
            },
            {"text": TEXT, "post_id": "5_6", "posted_at": UTC},
            n=1,
        ),
        Made(
            "crowdtangle-facebook",
            "ct.csv",
            table(
                ct,
                [
                    "Desa Sukamaju",
                    "sukamaju",
                    "55",
                    "Halaman resmi desa kami tercinta",
                    "2024-03-02 01:15:30 EST",
                    "Photo",
                    "1,234",
                    "https://www.facebook.com/55/posts/66",
                    TEXT,
                    "bukan",
                    "bukan ini",
                ],
            ),
            {
                "text": "Message",
                "account": "User Name",
                "posted_at": "Post Created",
                "url": "URL",
                "post_id": "URL*",
            },
            {
                "text": TEXT,
                "account": "sukamaju",
                "posted_at": "2024-03-02T01:15:30-05:00",
                "post_id": "66",
            },
            n=1,
        ),
        Made(
            "crowdtangle-instagram",
            "ct.csv",
            table(
                [
                    "Account",
                    "User Name",
                    "Followers at Posting",
                    "Post Created",
                    "Type",
                    "URL",
                    "Title",
                    "Description",
                ],
                [
                    "Desa",
                    "sukamaju",
                    "9",
                    "2024-03-02 01:15:30 EST",
                    "Photo",
                    "https://www.instagram.com/p/AbCd/",
                    "",
                    TEXT,
                ],
            ),
            {
                "text": "Description",
                "account": "User Name",
                "posted_at": "Post Created",
                "url": "URL",
                "post_id": "URL*",
            },
            {"text": TEXT, "post_id": "AbCd"},
            n=1,
        ),
        Made(
            "crowdtangle-api",
            "pos.json",
            json.dumps(api).encode(),
            {
                "text": "message, else description",
                "account": "account.name",
                "posted_at": "date",
                "url": "postUrl",
                "post_id": "platformId",
            },
            {"account": "Warga Sukamaju", "posted_at": UTC, "post_id": "1_2", "truncated": True},
            n=1,
        ),
        Made(
            "crowdtangle-page",
            "hal.json",
            json.dumps(
                {"status": 200, "result": {"posts": [{**api, "message": TEXT}, api]}}
            ).encode(),
            {
                "text": "result.posts[].message",
                "account": "result.posts[].account.name",
                "posted_at": "result.posts[].date",
                "url": "result.posts[].postUrl",
                "post_id": "result.posts[].platformId",
            },
            {"text": TEXT, "posted_at": UTC},
            last={"truncated": True},
        ),
        Made(
            "meta-content-library",
            "mcl.csv",
            table(list(mcl), list(mcl.values()), [*list(mcl.values())[:-1], "89"]),
            {
                "text": "text",
                "account": "post_owner.username",
                "posted_at": "creation_time",
                "url": "mcl_url",
                "post_id": "id",
            },
            {"text": TEXT, "posted_at": UTC, "text_kind": "own"},
            last={"text_kind": "share"},
        ),
        Made(
            "facebook-dyi",
            "your_posts_1.json",
            json.dumps(dyi).encode(),
            {
                "text": "data[].post",
                "posted_at": "timestamp",
                "parent_text": "attachments[].data[].external_context.name",
            },
            {"text": TEXT, "posted_at": UTC, "account": "", "text_kind": "own"},
            last={"text": "", "text_kind": "share"},
        ),
        Made(
            "facebook-dyi-comments",
            "comments.json",
            json.dumps(dyi_comment).encode(),
            {
                "text": "comments_v2[].data[].comment.comment",
                "account": "comments_v2[].data[].comment.author",
                "posted_at": "comments_v2[].timestamp",
            },
            {"text": TEXT, "account": "Budi", "text_kind": "reply"},
            n=1,
        ),
        Made(
            "facebook-dyi-messages",
            "message_1.json",
            json.dumps(chat).encode(),
            {
                "text": "messages[].content",
                "account": "messages[].sender_name",
                "posted_at": "messages[].timestamp_ms",
                "parent_text": "messages[].share.share_text",
            },
            {"text": TEXT, "account": "Budi", "posted_at": UTC},
            last={"text_kind": "share", "parent_text": PARENT},
        ),
        Made(
            "zeeschuimer-instagram",
            "ig.ndjson",
            zeeschuimer("instagram.com", insta, {**insta, "caption": None}),
            {
                "text": "data.caption.text",
                "account": "data.user.username",
                "posted_at": "data.taken_at",
                "post_id": "data.code",
            },
            {
                "text": TEXT,
                "url": "https://www.instagram.com/p/AbCd/",
                "posted_at": UTC,
                "post_id": "AbCd",
            },
            last={"text": ""},
        ),
        Made(
            "zeeschuimer-threads",
            "th.ndjson",
            zeeschuimer("threads.net", threads),
            {
                "text": "data.caption.text",
                "account": "data.user.username",
                "posted_at": "data.taken_at",
                "post_id": "data.code",
            },
            {"text": TEXT, "url": "https://www.threads.net/@budi.sukamaju/post/Tr1"},
            n=1,
        ),
    ]
