"""Small exports in the shape of every tool that is read, with people and places that do not exist."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

TEXT = "Rapat warga Desa Sukamaju besok pukul 8 di balai 🙏 #sukamaju @kelurahan_sukamaju"
OTHER = "Terima kasih Bu Rahma, lampu jalan di Kampung Melati sudah menyala lagi"
WHOLE = "Jalan Anggrek ditutup dua hari untuk perbaikan saluran air. Warga bisa lewat Jalan Kenanga."
PARENT = "Pengumuman jadwal posyandu bulan ini"
UTC = "2024-03-02T01:15:30+00:00"
EPOCH = 1709342130
X_TIME = "Sat Mar 02 01:15:30 +0000 2024"
Z_TIME = "2024-03-02T01:15:30.000Z"
ID = "1763734020123456789"
ID_2 = "1763734020123456790"


@dataclass(frozen=True)
class Made:
    """An export and what reading it must give.

    Attributes:
        name: Case, also the name of its preset unless ``preset`` says otherwise.
        file: File name.
        data: Bytes.
        columns: Roles and their source columns; roles left out are null.
        first: Attributes of the first post.
        last: Attributes of the last post.
        n: Records.
        preset: Preset that must be recognised.
        table: Which of the tables of the file.
    """

    name: str
    file: str
    data: bytes
    columns: dict[str, str]
    first: dict[str, Any]
    n: int = 2
    last: dict[str, Any] = field(default_factory=dict)
    preset: str | None = ""
    table: int = 0

    def write(self, folder: Path) -> str:
        path = folder / self.file
        path.write_bytes(self.data)
        return str(path)


def table(header: Sequence[str], *rows: Sequence[object], sep: str = ",", bom: bool = False) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=sep, lineterminator="\n").writerows([header, *rows])
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def array(*documents: object) -> bytes:
    return json.dumps(documents, ensure_ascii=False).encode()


def lines(*documents: object) -> bytes:
    return b"".join(json.dumps(d, ensure_ascii=True).encode() + b"\n" for d in documents)


def workbook(sheets: dict[str, list[list[object]]], links: dict[tuple[int, int], str] | None = None) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                link = (links or {}).get((r, c))
                if link:
                    sheet.write_url(r, c, link, string=str(cell))
                else:
                    sheet.write(r, c, cell)
    book.close()
    return out.getvalue()


def zeeschuimer(platform: str, *data: dict[str, Any]) -> bytes:
    return lines(
        *(
            {
                "nav_index": "1:2:0",
                "item_id": ID,
                "timestamp_collected": EPOCH * 1000,
                "source_platform": platform,
                "source_platform_url": f"https://www.{platform}/search?q=desa",
                "source_url": f"https://www.{platform}/api/?msToken=rahasia-sesi",
                "user_agent": "Mozilla/5.0",
                "data": item,
            }
            for item in data
        )
    )


def x_result(text: str, number: str = ID, **more: Any) -> dict[str, Any]:
    legacy = {"full_text": text, "created_at": X_TIME, "id_str": number, **more.pop("legacy", {})}
    user = {"user_results": {"result": {"legacy": {"screen_name": "budi_sukamaju"}}}}
    return {"rest_id": number, "core": user, "legacy": legacy, **more}


def _x() -> list[Made]:
    harvest = [
        "conversation_id_str", "created_at", "favorite_count", "full_text", "id_str", "image_url",
        "in_reply_to_screen_name", "lang", "location", "quote_count", "reply_count", "retweet_count",
        "tweet_url", "user_id_str", "username",
    ]  # fmt: skip
    url = f"https://x.com/budi_sukamaju/status/{ID}"

    def row(text: str, *, number: str = ID, root: str = ID, to: str = "", who: str = "budi_sukamaju") -> list[str]:
        link = f"https://x.com/{who or 'undefined'}/status/{number}"
        return [root, X_TIME, "1", text, number, "", to, "in", "Sukamaju", "0", "0", "0", link, "77", who]

    columns = {"text": "full_text", "account": "username", "posted_at": "created_at", "url": "tweet_url", "post_id": "id_str"}
    post = {"text": TEXT, "account": "budi_sukamaju", "posted_at": UTC, "url": url, "post_id": ID, "text_kind": "own"}
    twint = ["id", "conversation_id", "created_at", "date", "time", "timezone", "user_id", "username", "name", "place", "tweet", "language", "link", "retweet", "quote_url", "reply_to"]
    v2_user = {"id": "77", "username": "budi_sukamaju", "name": "Budi"}
    v2_rt = {"id": ID, "author_id": "77", "created_at": Z_TIME, "text": f"RT @rahma: {WHOLE[:30]}…", "public_metrics": {"like_count": 1}, "referenced_tweets": [{"type": "retweeted", "id": ID_2}]}
    v2_reply = {"id": "5", "author_id": "77", "created_at": Z_TIME, "text": TEXT, "public_metrics": {}, "referenced_tweets": [{"type": "replied_to", "id": ID_2}]}
    v2_other = {"id": ID_2, "author_id": "78", "text": WHOLE}
    page = {"data": [v2_rt, v2_reply], "includes": {"users": [v2_user], "tweets": [v2_other]}, "meta": {"result_count": 2}}
    flat = [
        {**v2_rt, "author": v2_user, "referenced_tweets": [{"type": "retweeted", "id": ID_2, "text": WHOLE}]},
        {**v2_reply, "author": v2_user, "referenced_tweets": [{"type": "replied_to", "id": ID_2, "text": PARENT}]},
    ]
    v1 = {"created_at": X_TIME, "id": int(ID), "id_str": ID, "text": WHOLE[:30] + "…", "truncated": True, "extended_tweet": {"full_text": WHOLE}, "user": {"screen_name": "budi_sukamaju"}}
    v1_rt = {**v1, "text": f"RT @rahma: {WHOLE[:30]}…", "extended_tweet": None, "truncated": False, "retweeted_status": {"full_text": WHOLE}}
    note = {"note_tweet": {"note_tweet_results": {"result": {"text": WHOLE * 4}}}}
    snscrape = {"_type": "snscrape.modules.twitter.Tweet", "url": url, "date": "2024-03-02T01:15:30+00:00", "rawContent": TEXT, "renderedContent": "bukan ini", "id": int(ID), "user": {"username": "budi_sukamaju", "displayname": "Budi"}, "retweetedTweet": None, "quotedTweet": {"rawContent": PARENT}, "inReplyToTweetId": None}
    archive = {"tweet": {"full_text": TEXT, "created_at": X_TIME, "id_str": ID, "id": ID}}
    repost = {"tweet": {"full_text": f"RT @rahma: {OTHER}", "created_at": X_TIME, "id_str": ID_2, "id": ID_2}}
    return [
        Made("tweet-harvest", "panen.csv", table(harvest, row(TEXT), row(OTHER, number=ID_2, to="rahma")), columns, post, last={"text_kind": "reply", "post_id": ID_2}),
        Made("tweet-harvest lama", "panen.csv", table([c for c in harvest if c not in ("image_url", "location", "in_reply_to_screen_name")], *([v for c, v in zip(harvest, row(t, number=n), strict=True) if c not in ("image_url", "location", "in_reply_to_screen_name")] for t, n in ((TEXT, ID), (OTHER, ID_2))), sep=";"), columns, {**post, "text_kind": "own"}, last={"text_kind": "reply"}, preset="tweet-harvest"),
        Made("tweet-harvest xlsx", "panen.xlsx", workbook({"Tweets": [harvest, row(TEXT), row(OTHER, number=ID_2)]}), columns, post, preset="tweet-harvest"),
        Made("tweet-harvest tanpa akun", "panen.csv", table(harvest, row(TEXT, who=""), row(OTHER, number=ID_2, who="")), {k: v for k, v in columns.items() if k != "account"}, {**post, "account": "", "url": f"https://x.com/i/status/{ID}"}, preset="tweet-harvest"),
        Made("tweet-harvest excel", "panen.csv", table(harvest, *([*r[:4], "1,76E+18", *r[5:]] for r in (row(TEXT), row(OTHER, number=ID_2))), sep=";", bom=True), {**columns, "post_id": "tweet_url*"}, post, last={"post_id": ID_2}, preset="tweet-harvest"),
        Made("twint", "twint.csv", table(twint, [ID, ID, "2024-03-02 08:15:30 SE Asia Standard Time", "2024-03-02", "08:15:30", "+0700", "77", "budi_sukamaju", "Budi", "", TEXT, "in", url, "False", "", "[]"], [ID_2, ID, "2024-03-02 08:15:30 Central Java Time", "2024-03-02", "08:15:30", "+0700", "78", "rahma", "Rahma", "", OTHER, "in", f"https://twitter.com/rahma/status/{ID_2}", "False", "", "[]"], sep="\t"), {"text": "tweet", "account": "username", "posted_at": "created_at", "url": "link", "post_id": "id"}, {**post, "posted_at": "2024-03-02T08:15:30+07:00"}, last={"text_kind": "reply", "posted_at": "2024-03-02T08:15:30+07:00"}),
        Made("twitter-r", "twitter.csv", table(["text", "favorited", "favoriteCount", "replyToSN", "created", "truncated", "replyToSID", "id", "replyToUID", "statusSource", "screenName", "retweetCount", "isRetweet", "retweeted"], [TEXT, "FALSE", 0, "NA", "2024-03-02 01:15:30", "TRUE", "NA", ID, "NA", "<a>x</a>", "budi_sukamaju", 0, "FALSE", "FALSE"], [OTHER, "FALSE", 0, "rahma", "2024-03-02 01:15:30", "FALSE", ID, ID_2, "78", "x", "budi_sukamaju", 0, "FALSE", "FALSE"]), {"text": "text", "account": "screenName", "posted_at": "created", "post_id": "id"}, {**post, "truncated": True}, last={"text_kind": "reply", "truncated": False}),
        Made("rtweet", "rtweet.csv", table(["user_id", "status_id", "created_at", "screen_name", "text", "is_quote", "is_retweet", "quoted_text", "retweet_text"], ["x77", f"x{ID}", "2024-03-02 01:15:30", "budi_sukamaju", TEXT, "TRUE", "FALSE", PARENT, "NA"], ["x77", f"x{ID_2}", "2024-03-02 01:15:30", "budi_sukamaju", "RT @rahma: Jalan…", "FALSE", "TRUE", "NA", WHOLE]), {"text": "text", "account": "screen_name", "posted_at": "created_at", "post_id": "status_id", "parent_text": "quoted_text"}, {**post, "text_kind": "quote", "parent_text": PARENT}, last={"text": WHOLE, "text_kind": "repost"}),
        Made("snscrape", "cuitan.json", lines(snscrape, {**snscrape, "quotedTweet": None, "inReplyToTweetId": 5, "rawContent": OTHER, "id": int(ID_2)}), {"text": "rawContent", "account": "user.username", "posted_at": "date", "url": "url", "post_id": "id", "parent_text": "quotedTweet.rawContent"}, {**post, "text_kind": "quote", "parent_text": PARENT}, last={"text_kind": "reply", "text": OTHER}),
        Made("snscrape lama", "cuitan.jsonl", lines({**{k: v for k, v in snscrape.items() if k not in ("rawContent", "quotedTweet")}, "content": TEXT}), {"text": "content", "account": "user.username", "posted_at": "date", "url": "url", "post_id": "id"}, post, n=1, preset="snscrape"),
        Made("twarc2-page", "hasil.jsonl", lines(page), {"text": "data[].text", "account": "includes.users[].username", "posted_at": "data[].created_at", "post_id": "data[].id", "parent_text": "includes.tweets[].text"}, {"text": WHOLE, "account": "budi_sukamaju", "posted_at": UTC, "url": url, "post_id": ID, "text_kind": "repost", "truncated": False}, last={"text_kind": "reply", "parent_text": WHOLE}),
        Made("twarc2-page satu", "satu.json", json.dumps({"data": v2_reply, "includes": {"users": [v2_user]}}).encode(), {"text": "data[].text", "account": "includes.users[].username", "posted_at": "data[].created_at", "post_id": "data[].id"}, {"text": TEXT, "account": "budi_sukamaju", "text_kind": "reply"}, n=1, preset="twarc2-page"),
        Made("twarc2-flat", "datar.jsonl", lines(*flat), {"text": "text", "account": "author.username", "posted_at": "created_at", "post_id": "id", "parent_text": "referenced_tweets[type=replied_to].text"}, {"text": WHOLE, "text_kind": "repost", "url": url}, last={"text": TEXT, "parent_text": PARENT, "text_kind": "reply"}),
        Made("twarc-csv", "twarc.csv", table(["id", "conversation_id", "referenced_tweets.replied_to.id", "referenced_tweets.retweeted.id", "author_id", "created_at", "text", "lang", "public_metrics.like_count", "author.username", "author.name", "__twarc.retrieved_at"], [ID, ID, "", "", "77", Z_TIME, TEXT, "in", "0", "budi_sukamaju", "Budi", Z_TIME], [ID_2, ID, ID, "", "78", Z_TIME, OTHER, "in", "0", "rahma", "Rahma", Z_TIME]), {"text": "text", "account": "author.username", "posted_at": "created_at", "post_id": "id"}, post, last={"text_kind": "reply"}),
        Made("x-api-v1", "twarc1.jsonl", lines(v1, v1_rt), {"text": "extended_tweet.full_text", "account": "user.screen_name", "posted_at": "created_at", "post_id": "id_str"}, {**post, "text": WHOLE, "truncated": False}, last={"text": WHOLE, "text_kind": "repost"}),
        Made("x-archive", "tweets.js", b"window.YTD.tweets.part0 = " + array(archive, repost), {"text": "tweet.full_text", "posted_at": "tweet.created_at", "post_id": "tweet.id_str"}, {**post, "account": "", "url": f"https://x.com/i/status/{ID}"}, last={"text_kind": "repost"}),
        Made("x-archive-notes", "note-tweet.js", b"window.YTD.note_tweet.part0 = " + array({"noteTweet": {"noteTweetId": ID, "createdAt": Z_TIME, "core": {"text": WHOLE}}}), {"text": "noteTweet.core.text", "posted_at": "noteTweet.createdAt", "post_id": "noteTweet.noteTweetId"}, {"text": WHOLE, "posted_at": UTC, "post_id": ID}, n=1),
        Made("zeeschuimer-x", "x.ndjson", zeeschuimer("x.com", x_result(WHOLE[:40], **note), x_result("RT @rahma: Jalan…", ID_2, legacy={"retweeted_status_result": {"result": x_result(WHOLE, "9")}})), {"text": "data.note_tweet.note_tweet_results.result.text", "account": "data.core.user_results.result.legacy.screen_name", "posted_at": "data.legacy.created_at", "post_id": "data.rest_id"}, {**post, "text": WHOLE * 4}, last={"text": WHOLE, "text_kind": "repost"}),
    ]


def _apify() -> list[Made]:
    tiktok = {"text": TEXT, "diggCount": 3, "replyCommentTotal": 0, "createTimeISO": Z_TIME, "createTime": EPOCH, "uniqueId": "budi.sukamaju", "videoWebUrl": "https://www.tiktok.com/@kabar_sukamaju/video/7", "cid": ID, "repliesToId": None}
    insta = {"id": "17900000000000001", "text": TEXT, "timestamp": Z_TIME, "ownerUsername": "budi.sukamaju", "postUrl": "https://www.instagram.com/p/AbCd/", "repliesCount": 1, "replies": [{"id": "17900000000000002", "text": OTHER, "ownerUsername": "rahma", "timestamp": Z_TIME}]}
    post = {"id": "31", "shortCode": "AbCd", "caption": PARENT, "url": "https://www.instagram.com/p/AbCd/", "ownerUsername": "kelurahan.sukamaju", "ownerFullName": "Kelurahan", "timestamp": Z_TIME, "firstComment": "bukan ini", "alt": "foto", "commentsCount": 1, "latestComments": [{"id": "32", "text": OTHER, "ownerUsername": "rahma", "timestamp": Z_TIME}]}
    facebook = {"facebookUrl": "https://www.facebook.com/sukamaju", "postId": "709200000000001", "pageName": "sukamaju", "url": "https://www.facebook.com/sukamaju/posts/pfbid0A", "time": Z_TIME, "timestamp": EPOCH, "user": {"id": "1000", "name": "Desa Sukamaju"}, "text": TEXT, "likes": 1, "comments": 2}
    shared = {**{k: v for k, v in facebook.items() if k != "text"}, "sharedPost": {"text": PARENT}}
    group = {"facebookUrl": "https://www.facebook.com/groups/5", "groupTitle": "Warga Sukamaju", "url": "https://www.facebook.com/groups/5/permalink/6/", "user": {"id": "1000", "name": "Budi"}, "time": Z_TIME, "legacyId": "6", "text": TEXT, "topComments": [{"id": "7", "text": OTHER, "profileId": "1001", "date": Z_TIME}]}
    tweet = {"type": "tweet", "id": ID, "url": f"https://x.com/budi_sukamaju/status/{ID}", "text": TEXT[:20] + "…", "fullText": TEXT, "createdAt": X_TIME, "author": {"userName": "budi_sukamaju", "name": "Budi"}, "isReply": True, "isRetweet": False, "isQuote": False, "conversationId": "5"}
    comments = {"facebookUrl": "https://www.facebook.com/sukamaju/posts/1", "commentUrl": "https://www.facebook.com/sukamaju/posts/1?comment_id=22", "id": "Y29tbWVudDox", "date": Z_TIME, "text": TEXT, "profileName": "Budi", "profileId": "1000", "likesCount": "0", "postTitle": PARENT, "threadingDepth": 0}
    video = {"id": ID, "text": TEXT, "createTimeISO": Z_TIME, "authorMeta": {"name": "budi.sukamaju", "nickName": "Budi"}, "webVideoUrl": f"https://www.tiktok.com/@budi.sukamaju/video/{ID}", "diggCount": 1}
    fb_columns = {"text": "text", "account": "pageName", "posted_at": "time", "url": "url", "post_id": "postId", "parent_text": "sharedPost.text"}
    flat_video = {"id": ID, "text": TEXT, "createTimeISO": Z_TIME, "authorMeta/name": "budi.sukamaju", "webVideoUrl": f"https://www.tiktok.com/@budi.sukamaju/video/{ID}"}
    return [
        Made("apify-tiktok-comments", "dataset_tiktok-comments-scraper_2024.csv", table(list(tiktok), list(tiktok.values()), [OTHER, *list(tiktok.values())[1:]], bom=True), {"text": "text", "account": "uniqueId", "posted_at": "createTimeISO", "post_id": "cid"}, {"text": TEXT, "account": "budi.sukamaju", "posted_at": UTC, "url": "", "post_id": ID, "text_kind": "reply"}),
        Made("apify-tiktok-comments hasil kosong", "dataset.json", array(tiktok, {"noResults": True}), {"text": "text", "account": "uniqueId", "posted_at": "createTimeISO", "post_id": "cid"}, {"text": TEXT}, n=1, preset="apify-tiktok-comments"),
        Made("apify-tiktok", "dataset.json", array(video, video), {"text": "text", "account": "authorMeta.name", "posted_at": "createTimeISO", "url": "webVideoUrl", "post_id": "id"}, {"account": "budi.sukamaju", "url": video["webVideoUrl"], "text_kind": "own"}),
        Made("apify-tiktok tabel", "dataset.csv", table(list(flat_video), list(flat_video.values()), bom=True), {"text": "text", "account": "authorMeta/name", "posted_at": "createTimeISO", "url": "webVideoUrl", "post_id": "id"}, {"account": "budi.sukamaju"}, n=1, preset="apify-tiktok"),
        Made("apify-instagram-comments", "dataset.json", array(insta, {**insta, "replies": []}), {"text": "text", "account": "ownerUsername", "posted_at": "timestamp", "post_id": "id"}, {"account": "budi.sukamaju", "posted_at": UTC, "post_id": "17900000000000001", "url": "", "text_kind": "reply"}),
        Made("apify-instagram-replies", "dataset.json", array(insta, {**insta, "replies": []}), {"text": "replies[].text", "account": "replies[].ownerUsername", "posted_at": "replies[].timestamp", "post_id": "replies[].id", "parent_text": "text"}, {"text": OTHER, "account": "rahma", "parent_text": TEXT}, n=1, table=1),
        Made("apify-instagram", "dataset.json", array(post, post), {"text": "caption", "account": "ownerUsername", "posted_at": "timestamp", "url": "url", "post_id": "id"}, {"text": PARENT, "account": "kelurahan.sukamaju", "text_kind": "own"}),
        Made("apify-instagram-latest", "dataset.json", array(post), {"text": "latestComments[].text", "account": "latestComments[].ownerUsername", "posted_at": "latestComments[].timestamp", "post_id": "latestComments[].id", "parent_text": "caption"}, {"text": OTHER, "parent_text": PARENT, "account": "rahma"}, n=1, table=1),
        Made("apify-facebook-posts", "dataset.json", array(facebook, shared), fb_columns, {"text": TEXT, "account": "sukamaju", "posted_at": UTC, "url": facebook["url"], "post_id": "709200000000001", "text_kind": "own"}, last={"text": "", "parent_text": PARENT, "text_kind": "share"}),
        Made("apify-facebook-comments", "dataset.json", array(comments, comments), {"text": "text", "account": "profileId", "posted_at": "date", "url": "commentUrl", "post_id": "id", "parent_text": "postTitle"}, {"account": "1000", "parent_text": PARENT, "text_kind": "reply"}),
        Made("apify-facebook-groups", "dataset.json", array(group, group), {"text": "text", "account": "user.id", "posted_at": "time", "url": "url", "post_id": "legacyId"}, {"text": TEXT, "account": "1000", "post_id": "6"}),
        Made("apify-facebook-top-comments", "dataset.json", array(group), {"text": "topComments[].text", "account": "topComments[].profileId", "posted_at": "topComments[].date", "post_id": "topComments[].id", "parent_text": "text"}, {"text": OTHER, "parent_text": TEXT}, n=1, table=1),
        Made("apify-tweets", "dataset.json", array(tweet, {**tweet, "isReply": False, "isRetweet": True}), {"text": "fullText", "account": "author.userName", "posted_at": "createdAt", "url": "url", "post_id": "id"}, {"text": TEXT, "account": "budi_sukamaju", "posted_at": UTC, "text_kind": "reply", "truncated": False}, last={"text_kind": "repost"}),
        Made("apify kolom pilihan", "dataset.xlsx", workbook({"Data": [["ownerUsername", "text", "timestamp"], ["budi.sukamaju", TEXT, Z_TIME], ["rahma", OTHER, Z_TIME]]}), {"text": "text", "account": "ownerUsername", "posted_at": "timestamp"}, {"text": TEXT, "account": "budi.sukamaju", "posted_at": UTC, "text_kind": "unknown"}, preset=None),
    ]


def _meta() -> list[Made]:
    node = {"node": {"id": "31", "shortcode": "AbCd", "taken_at_timestamp": EPOCH, "owner": {"username": "budi.sukamaju", "id": "7"}, "edge_media_to_caption": {"edges": [{"node": {"text": TEXT}}]}}, "instaloader": {"version": "4.10", "node_type": "Post"}}
    comment = {"id": "41", "created_at": EPOCH, "text": TEXT, "owner": {"id": "7", "username": "budi.sukamaju"}, "likes_count": 0, "answers": [{"id": "42", "created_at": EPOCH, "text": OTHER, "owner": {"username": "rahma"}}]}
    latin = TEXT.encode().decode("latin-1")
    dyi = [{"timestamp": EPOCH, "title": "Budi updated his status.", "data": [{"update_timestamp": EPOCH}, {"post": latin}], "attachments": [{"data": [{"media": {"uri": "a.jpg", "media_metadata": {"photo_metadata": {"upload_ip": "203.0.113.9"}}}}]}]}, {"timestamp": EPOCH, "title": "Budi shared a link.", "data": [], "attachments": [{"data": [{"external_context": {"name": PARENT, "url": "https://contoh.invalid"}}]}]}]
    ct = ["Page Name", "User Name", "Facebook Id", "Page Description", "Post Created", "Type", "Likes", "URL", "Message", "Link Text", "Description"]
    api = {"platformId": "1_2", "platform": "Facebook", "date": "2024-03-02 01:15:30", "type": "link", "description": WHOLE[:60] + "...", "postUrl": "https://www.facebook.com/groups/1/permalink/2", "account": {"id": 1, "name": "Warga Sukamaju"}}
    insta = {"id": "31_7", "code": "AbCd", "taken_at": EPOCH, "user": {"username": "budi.sukamaju", "full_name": "Budi"}, "caption": {"text": TEXT}}
    dyi_comment = {"comments_v2": [{"timestamp": EPOCH, "data": [{"comment": {"timestamp": EPOCH, "comment": TEXT, "author": "Budi"}}], "title": "Budi commented on a post."}]}
    chat = {"participants": [{"name": "Budi"}], "messages": [{"sender_name": "Budi", "timestamp_ms": EPOCH * 1000, "content": latin}, {"sender_name": "Rahma", "timestamp_ms": EPOCH * 1000, "content": OTHER, "share": {"share_text": PARENT}}]}
    ig_comment = ["User ID", "Username", "Comment ID", "Comment", "Comment Time", "User Homepage", "Avatar URL"]
    view = f"https://www.exportcomments.com/done/abc/preview/{ID}"
    export = [["ExportComments.com"], ["Source URL", "https://www.facebook.com/1"], [], [], [], ["", "", "Name (click to view profile)", "Profile ID", "Date", "Likes", "Comment", "(view source)"], [1, "", "Budi", "ID: 1000", "2024-03-02 08:15:30", 0, TEXT, "view comment"], [2, "", "Rahma", "ID: 1001", "2024-03-02 08:15:30", 0, OTHER, "view comment"]]
    mcl = {"id": "90", "text": TEXT, "creation_time": "2024-03-02T01:15:30+0000", "lang": "id", "mcl_url": "https://www.facebook.com/mcl/90", "post_owner.username": "sukamaju", "post_owner.name": "Desa", "shared_post_id": ""}
    pager = ["level", "id", "parent_id", "object_id", "object_type", "object_key", "query_status", "query_time", "query_type", "message", "from.name", "created_time", "permalink_url"]
    threads = {"code": "Tr1", "taken_at": EPOCH, "user": {"username": "budi.sukamaju"}, "caption": {"text": TEXT}}
    return [
        Made("instaloader", "2024-03-02_01-15-30_UTC.json", json.dumps(node).encode(), {"text": "node.edge_media_to_caption.edges[0].node.text", "account": "node.owner.username", "posted_at": "node.taken_at_timestamp", "post_id": "node.id"}, {"text": TEXT, "account": "budi.sukamaju", "posted_at": UTC, "url": "https://www.instagram.com/p/AbCd/"}, n=1),
        Made("instaloader-comments", "x_comments.json", array(comment, comment), {"text": "text", "account": "owner.username", "posted_at": "created_at", "post_id": "id"}, {"text": TEXT, "account": "budi.sukamaju", "posted_at": UTC, "text_kind": "reply"}),
        Made("instaloader-answers", "x_comments.json", array(comment), {"text": "answers[].text", "account": "answers[].owner.username", "posted_at": "answers[].created_at", "post_id": "answers[].id", "parent_text": "text"}, {"text": OTHER, "parent_text": TEXT}, n=1, table=1),
        Made("instaloader turunan", "hasil.csv", table(["", "Username", "Caption", "Hastag", "Likes", "Comments"], [0, "budi.sukamaju", TEXT, "['#a']", 3, "['Mantap', 'Siap']"], [1, "rahma", OTHER, "[]", 2, "['Baik pak']"]), {"text": "Caption", "account": "Username"}, {"text": TEXT}, preset=None),
        Made("instagram-extension", "komentar.csv", table(ig_comment, ["7", "budi.sukamaju", '="17900000000000001"', TEXT, "3/24/2025, 2:41:03 PM", "https://www.instagram.com/budi", "https://a.invalid/a.jpg"], ["8", "rahma", '="17900000000000002"', OTHER, "3/2/2025, 2:41:03 PM", "", ""], bom=True), {"text": "Comment", "account": "Username", "posted_at": "Comment Time", "post_id": "Comment ID"}, {"post_id": "17900000000000001", "posted_at": "2025-03-24T14:41:03", "text_kind": "reply"}, last={"posted_at": "2025-03-02T14:41:03"}),
        Made("exportcomments", "komentar.xlsx", workbook({"ExportComments.com": export}, {(6, 7): view, (7, 7): view[:-1] + "0"}), {"text": "Comment", "account": "Profile ID", "posted_at": "Date", "url": "(view source) hyperlink", "post_id": "(view source) hyperlink"}, {"text": TEXT, "account": "1000", "url": view, "post_id": ID}),
        Made("facepager", "facepager.csv", table(pager, [0, 1, "", "sukamaju", "seed", "", "", "", "", "", "", "", ""], [1, 2, 1, "5_6", "data", "data", "fetched (200)", "", "Facebook:/posts", TEXT, "Desa Sukamaju", "2024-03-02T01:15:30+0000", "https://www.facebook.com/5/posts/6"], sep=";", bom=True), {"text": "message", "account": "from.name", "posted_at": "created_time", "url": "permalink_url", "post_id": "object_id"}, {"text": TEXT, "post_id": "5_6", "posted_at": UTC}, n=1),
        Made("crowdtangle-facebook", "ct.csv", table(ct, ["Desa Sukamaju", "sukamaju", "55", "Halaman resmi desa kami tercinta", "2024-03-02 01:15:30 EST", "Photo", "1,234", "https://www.facebook.com/55/posts/66", TEXT, "bukan", "bukan ini"]), {"text": "Message", "account": "User Name", "posted_at": "Post Created", "url": "URL", "post_id": "URL*"}, {"text": TEXT, "account": "sukamaju", "posted_at": "2024-03-02T01:15:30-05:00", "post_id": "66"}, n=1),
        Made("crowdtangle-instagram", "ct.csv", table(["Account", "User Name", "Followers at Posting", "Post Created", "Type", "URL", "Title", "Description"], ["Desa", "sukamaju", "9", "2024-03-02 01:15:30 EST", "Photo", "https://www.instagram.com/p/AbCd/", "", TEXT]), {"text": "Description", "account": "User Name", "posted_at": "Post Created", "url": "URL", "post_id": "URL*"}, {"text": TEXT, "post_id": "AbCd"}, n=1),
        Made("crowdtangle-api", "pos.json", json.dumps(api).encode(), {"text": "message, else description", "account": "account.name", "posted_at": "date", "url": "postUrl", "post_id": "platformId"}, {"account": "Warga Sukamaju", "posted_at": UTC, "post_id": "1_2", "truncated": True}, n=1),
        Made("crowdtangle-page", "hal.json", json.dumps({"status": 200, "result": {"posts": [{**api, "message": TEXT}, api]}}).encode(), {"text": "result.posts[].message", "account": "result.posts[].account.name", "posted_at": "result.posts[].date", "url": "result.posts[].postUrl", "post_id": "result.posts[].platformId"}, {"text": TEXT, "posted_at": UTC}, last={"truncated": True}),
        Made("meta-content-library", "mcl.csv", table(list(mcl), list(mcl.values()), [*list(mcl.values())[:-1], "89"]), {"text": "text", "account": "post_owner.username", "posted_at": "creation_time", "url": "mcl_url", "post_id": "id"}, {"text": TEXT, "posted_at": UTC, "text_kind": "own"}, last={"text_kind": "share"}),
        Made("facebook-dyi", "your_posts_1.json", json.dumps(dyi).encode(), {"text": "data[].post", "posted_at": "timestamp", "parent_text": "attachments[].data[].external_context.name"}, {"text": TEXT, "posted_at": UTC, "account": "", "text_kind": "own"}, last={"text": "", "text_kind": "share"}),
        Made("facebook-dyi-comments", "comments.json", json.dumps(dyi_comment).encode(), {"text": "comments_v2[].data[].comment.comment", "account": "comments_v2[].data[].comment.author", "posted_at": "comments_v2[].timestamp"}, {"text": TEXT, "account": "Budi", "text_kind": "reply"}, n=1),
        Made("facebook-dyi-messages", "message_1.json", json.dumps(chat).encode(), {"text": "messages[].content", "account": "messages[].sender_name", "posted_at": "messages[].timestamp_ms", "parent_text": "messages[].share.share_text"}, {"text": TEXT, "account": "Budi", "posted_at": UTC}, last={"text_kind": "share", "parent_text": PARENT}),
        Made("zeeschuimer-instagram", "ig.ndjson", zeeschuimer("instagram.com", insta, {**insta, "caption": None}), {"text": "data.caption.text", "account": "data.user.username", "posted_at": "data.taken_at", "post_id": "data.code"}, {"text": TEXT, "url": "https://www.instagram.com/p/AbCd/", "posted_at": UTC, "post_id": "AbCd"}, last={"text": ""}),
        Made("zeeschuimer-threads", "th.ndjson", zeeschuimer("threads.net", threads), {"text": "data.caption.text", "account": "data.user.username", "posted_at": "data.taken_at", "post_id": "data.code"}, {"text": TEXT, "url": "https://www.threads.net/@budi.sukamaju/post/Tr1"}, n=1),
    ]


def _others() -> list[Made]:
    video = {"id": ID, "desc": TEXT, "createTime": EPOCH, "author": {"uniqueId": "budi.sukamaju", "nickname": "Budi"}}
    comment = {"cid": ID, "text": TEXT, "create_time": EPOCH, "user": {"unique_id": "budi.sukamaju"}, "aweme_id": "7", "reply_id": "0"}
    url = f"https://www.tiktok.com/@budi.sukamaju/video/{ID}"
    cat = {"id": ID_2, "thread_id": ID, "author": "budi_sukamaju", "author_full": "Budi", "body": TEXT, "timestamp": "2024-03-02 01:15:30", "unix_timestamp": EPOCH, "url": f"https://x.com/budi_sukamaju/status/{ID_2}"}
    cat_comment = {"id": ID, "thread_id": "7", "author": "budi", "body": TEXT, "timestamp": "2024-03-02 01:15:30", "post_id": "7", "post_url": "https://www.tiktok.com/@a/video/7", "post_body": PARENT}
    top = {"textOriginal": TEXT, "textDisplay": "bukan<br>ini", "authorDisplayName": "@budisukamaju", "authorChannelId": {"value": "UC1"}, "publishedAt": "2024-03-02T01:15:30Z"}
    thread = {"id": "Ug1", "snippet": {"videoId": "vid1", "topLevelComment": {"id": "Ug1", "snippet": top}}, "replies": {"comments": [{"id": "Ug1.a", "snippet": {**top, "textOriginal": OTHER}}]}}
    lone = {k: v for k, v in thread.items() if k != "replies"}
    downloader = {"cid": "Ug1", "text": TEXT, "time": "3 minggu yang lalu", "author": "@budisukamaju", "channel": "UC1", "votes": "1,2 rb", "replies": "", "photo": "", "heart": False, "reply": False}
    wrapper = {"id": "a1", "text": TEXT, "author": "@budisukamaju", "url": "https://www.youtube.com/watch?v=vid1", "is_reply": False, "parent_id": None}
    research = {"id": 7301234567890123456, "username": "budi.sukamaju", "create_time": EPOCH, "video_description": TEXT, "region_code": "ID"}
    telegram = {"name": "Warga", "type": "private_group", "id": 1, "messages": [{"id": 1, "type": "service", "date": "2024-03-02T08:15:30", "text": ""}, {"id": 2, "type": "message", "date": "2024-03-02T08:15:30", "date_unixtime": str(EPOCH), "from": "Budi", "from_id": "user1", "text": ["Cek ", {"type": "link", "text": "https://contoh.invalid"}, " ya"], "contact_information": {"first_name": "Tono", "phone_number": "+62 812-0000-0001"}}, {"id": 3, "type": "message", "date": "2024-03-02T08:15:30", "date_unixtime": str(EPOCH), "from": "Rahma", "from_id": "user2", "text": OTHER, "forwarded_from": "Kanal Desa"}]}
    account = {"about": "x", "chats": {"about": "y", "list": [telegram, telegram]}}
    whatsapp = f"30/08/24 18.00 - Pesan dan panggilan dienkripsi secara end-to-end.\n30/08/24 18.01 - +62 812-0000-0001: {TEXT}\nbaris kedua\n30/08/24 18.02 - Rahma: {OTHER}\n"
    sky = {"uri": "at://did:plc:abc/app.bsky.feed.post/3kabc", "author": {"handle": "budi.sukamaju.id", "displayName": "Budi"}, "record": {"text": TEXT, "createdAt": Z_TIME}}
    hand = [["Tanggal", "Bulan", "Tahun", "Jam", "text", "RT"], ["22", "07", "2014", "08:52:06", TEXT, ""], ["08", "07", "2014", "22:59:57", OTHER, ""]]
    return [
        Made("zeeschuimer-tiktok", "tt.ndjson", zeeschuimer("tiktok.com", video, {**video, "author": "budi.sukamaju"}), {"text": "data.desc", "account": "data.author.uniqueId", "posted_at": "data.createTime", "post_id": "data.id"}, {"text": TEXT, "account": "budi.sukamaju", "url": url, "posted_at": UTC}, last={"account": "budi.sukamaju"}),
        Made("zeeschuimer-tiktok-comments", "ttc.ndjson", zeeschuimer("tiktok.com", comment), {"text": "data.text", "account": "data.user.unique_id", "posted_at": "data.create_time", "post_id": "data.cid"}, {"text": TEXT, "text_kind": "reply", "posted_at": UTC}, n=1),
        Made("zeeschuimer-decoder", "tt.csv", table(["index", "id", "url", "description", "author", "digg_count", "search_url"], [0, ID, url, TEXT, "Budi Suka", 1, "https://www.tiktok.com/search?q=a&t=9"]), {"text": "description", "account": "url*", "url": "url", "post_id": "id"}, {"account": "budi.sukamaju", "post_id": ID}, n=1),
        Made("4cat", "4cat.csv", table(list(cat), list(cat.values()), [ID, *list(cat.values())[1:]]), {"text": "body", "account": "author", "posted_at": "unix_timestamp", "url": "url", "post_id": "id"}, {"text": TEXT, "text_kind": "reply", "posted_at": UTC}, last={"text_kind": "own"}),
        Made("4cat komentar", "4cat.ndjson", lines(cat_comment, cat_comment), {"text": "body", "account": "author", "posted_at": "timestamp", "url": "post_url", "post_id": "id", "parent_text": "post_body"}, {"parent_text": PARENT, "text_kind": "reply", "posted_at": UTC}, preset="4cat"),
        Made("youtube-api", "komentar.json", json.dumps({"kind": "youtube#commentThreadListResponse", "items": [thread, lone]}).encode(), {"text": "items[].snippet.topLevelComment.snippet.textOriginal", "account": "items[].snippet.topLevelComment.snippet.authorDisplayName", "posted_at": "items[].snippet.topLevelComment.snippet.publishedAt", "post_id": "items[].id"}, {"text": TEXT, "account": "@budisukamaju", "url": "https://www.youtube.com/watch?v=vid1&lc=Ug1", "posted_at": UTC}),
        Made("youtube-api-replies", "komentar.json", json.dumps({"items": [thread]}).encode(), {"text": "items[].replies.comments[].snippet.textOriginal", "account": "items[].replies.comments[].snippet.authorDisplayName", "posted_at": "items[].replies.comments[].snippet.publishedAt", "post_id": "items[].replies.comments[].id"}, {"text": OTHER, "text_kind": "reply"}, n=1, table=1),
        Made("youtube-api-thread", "utas.jsonl", lines(lone, lone), {"text": "snippet.topLevelComment.snippet.textOriginal", "account": "snippet.topLevelComment.snippet.authorDisplayName", "posted_at": "snippet.topLevelComment.snippet.publishedAt", "post_id": "id"}, {"text": TEXT}),
        Made("youtube-downloader", "yt.jsonl", lines(downloader, {**downloader, "time_parsed": float(EPOCH)}), {"text": "text", "account": "author", "posted_at": "time_parsed", "post_id": "cid"}, {"posted_at": "", "account": "@budisukamaju"}, last={"posted_at": UTC}),
        Made("youtube-downloader-table", "yt.jsonl", lines(wrapper, wrapper), {"text": "text", "account": "author", "post_id": "id"}, {"url": "", "text_kind": "reply"}),
        Made("youtube-data-tools", "ytdt.csv", table(["id", "replyCount", "likeCount", "publishedAt", "authorName", "text", "authorChannelId", "authorChannelUrl", "isReply", "isReplyTo", "isReplyToName"], ["Ug1", 0, 0, "2024-03-02 01:15:30", "@budi", TEXT, "UC1", "", 0, "", ""]), {"text": "text", "account": "authorName", "posted_at": "publishedAt", "post_id": "id"}, {"posted_at": UTC, "account": "@budi"}, n=1),
        Made("youtube buku catatan", "yt.csv", table(["author", "comment", "likeCount", "publishedAt"], ["@budi", "Setuju &amp; mantap<br>sekali &#39;pak&#39;", 0, Z_TIME], ["@rahma", OTHER, 0, Z_TIME], sep=";", bom=True), {"text": "comment", "account": "author", "posted_at": "publishedAt"}, {"text": "Setuju & mantap\nsekali 'pak'"}, preset=None),
        Made("tiktok-research", "tr.jsonl", lines(research), {"text": "video_description", "account": "username", "posted_at": "create_time", "post_id": "id"}, {"post_id": "7301234567890123456", "url": "https://www.tiktok.com/@budi.sukamaju/video/7301234567890123456"}, n=1),
        Made("tiktok-research-page", "tr.json", json.dumps({"data": {"videos": [research], "has_more": False}, "error": {"code": "ok"}}).encode(), {"text": "data.videos[].video_description", "account": "data.videos[].username", "posted_at": "data.videos[].create_time", "post_id": "data.videos[].id"}, {"text": TEXT}, n=1),
        Made("tiktok-research-comments", "trc.csv", table(["id", "video_id", "text", "like_count", "reply_count", "parent_comment_id", "create_time"], [ID, "7", TEXT, 0, 0, "7", EPOCH]), {"text": "text", "posted_at": "create_time", "post_id": "id"}, {"account": "", "text_kind": "reply", "posted_at": UTC}, n=1),
        Made("pyktok", "pyktok.csv", table(["video_id", "video_timestamp", "video_duration", "video_description", "author_username", "author_name"], [ID, "2024-03-02T08:15:30", 12, TEXT, "budi.sukamaju", "Budi"]), {"text": "video_description", "account": "author_username", "posted_at": "video_timestamp", "post_id": "video_id"}, {"posted_at": "2024-03-02T08:15:30", "url": url}, n=1),
        Made("telegram", "result.json", json.dumps(telegram, indent=1).encode(), {"text": "messages[].text", "account": "messages[].from_id", "posted_at": "messages[].date_unixtime", "post_id": "messages[].id"}, {"text": "Cek https://contoh.invalid ya", "account": "user1", "posted_at": UTC, "source_row": 1}, last={"text_kind": "share"}),
        Made("telegram akun", "result.json", json.dumps(account).encode(), {"text": "chats.list[].messages[].text", "account": "chats.list[].messages[].from_id", "posted_at": "chats.list[].messages[].date_unixtime", "post_id": "chats.list[].messages[].id"}, {"account": "user1"}, n=4, preset="telegram"),
        Made("whatsapp", "Chat WhatsApp.txt", whatsapp.encode(), {"text": '(after the first ": ")', "account": '(before ": ")', "posted_at": "(line start)"}, {"text": f"{TEXT}\nbaris kedua", "posted_at": "2024-08-30T18:01:00"}, last={"account": "Rahma"}),
        Made("bluesky", "bsky.ndjson", lines(sky, {**sky, "record": {**sky["record"], "reply": {"parent": {"uri": "at://x"}}}}), {"text": "record.text", "account": "author.handle", "posted_at": "record.createdAt", "post_id": "uri*"}, {"url": "https://bsky.app/profile/budi.sukamaju.id/post/3kabc", "text_kind": "own", "posted_at": UTC}, last={"text_kind": "reply"}),
        Made("buatan sendiri", "tabel.xlsx", workbook({"Rekap": [["Tahun", "Jumlah"], [2014, 2]], "data": hand}), {"text": "text", "posted_at": "Tanggal+Bulan+Tahun+Jam"}, {"text": TEXT, "posted_at": "2014-07-22T08:52:06"}, preset=None),
        Made("kepala kolom Indonesia", "tabel.csv", table(["No", "Tanggal", "Jam", "Nama Akun", "Isi Komentar", "Tautan", "Sentimen"], [1, "2 Maret 2024", "08.15 WIB", "budi_sukamaju", TEXT, f"https://x.com/budi_sukamaju/status/{ID}", "positif"], [2, "3 Agustus 2024", "21.05 WITA", "rahma", OTHER, f"https://x.com/rahma/status/{ID_2}", "netral"], sep=";"), {"text": "Isi Komentar", "account": "Nama Akun", "posted_at": "Tanggal+Jam", "url": "Tautan", "post_id": "Tautan*"}, {"posted_at": "2024-03-02T08:15:00+07:00", "post_id": ID}, last={"posted_at": "2024-08-03T21:05:00+08:00"}, preset=None),
        Made("pemantau media", "laporan.xlsx", workbook({"Mentions": [["Laporan mingguan"], ["Proyek", "Sukamaju"], [], ["Date", "Title", "Snippet", "URL", "Host", "Author", "Sentiment"], ["2024-03-02 08:15", "Kabar desa", WHOLE[:50] + "…", "https://contoh.invalid/1", "contoh.invalid", "redaksi", "Neutral"], ["2024-03-03 08:15", "Kabar kota", OTHER + "…", "https://contoh.invalid/2", "contoh.invalid", "redaksi", "Neutral"]]}), {"text": "Snippet", "account": "Author", "posted_at": "Date", "url": "URL"}, {"truncated": True, "posted_at": "2024-03-02T08:15:00"}, preset=None),
        Made("layanan tak dikenal", "unduhan.json", json.dumps({"status": "ok", "payload": {"items": [{"message": {"text": TEXT, "created_at": Z_TIME}, "user": {"screen_name": "budi_sukamaju", "id": 7}}, {"message": {"text": OTHER, "created_at": Z_TIME}, "user": {"screen_name": "rahma", "id": 8}}]}}).encode(), {"text": "payload.items[].message.text", "account": "payload.items[].user.screen_name", "posted_at": "payload.items[].message.created_at"}, {"text": TEXT, "account": "budi_sukamaju"}, preset=None),
    ]  # fmt: skip


MADE: list[Made] = [*_x(), *_apify(), *_meta(), *_others()]
