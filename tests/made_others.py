"""TikTok, YouTube, chats, research tools and tables made by hand; all fictional."""

import json

from making import (
    EPOCH,
    ID,
    ID_2,
    OTHER,
    PARENT,
    TEXT,
    UTC,
    WHOLE,
    Z_TIME,
    Made,
    lines,
    table,
    workbook,
    zeeschuimer,
)


def exports() -> list[Made]:
    """Return the exports with what reading them must give."""
    video = {
        "id": ID,
        "desc": TEXT,
        "createTime": EPOCH,
        "author": {"uniqueId": "budi.sukamaju", "nickname": "Budi"},
    }
    comment = {
        "cid": ID,
        "text": TEXT,
        "create_time": EPOCH,
        "user": {"unique_id": "budi.sukamaju"},
        "aweme_id": "7",
        "reply_id": "0",
    }
    url = f"https://www.tiktok.com/@budi.sukamaju/video/{ID}"
    cat = {
        "id": ID_2,
        "thread_id": ID,
        "author": "budi_sukamaju",
        "author_full": "Budi",
        "body": TEXT,
        "timestamp": "2024-03-02 01:15:30",
        "unix_timestamp": EPOCH,
        "url": f"https://x.com/budi_sukamaju/status/{ID_2}",
    }
    cat_comment = {
        "id": ID,
        "thread_id": "7",
        "author": "budi",
        "body": TEXT,
        "timestamp": "2024-03-02 01:15:30",
        "post_id": "7",
        "post_url": "https://www.tiktok.com/@a/video/7",
        "post_body": PARENT,
    }
    top = {
        "textOriginal": TEXT,
        "textDisplay": "bukan<br>ini",
        "authorDisplayName": "@budisukamaju",
        "authorChannelId": {"value": "UC1"},
        "publishedAt": "2024-03-02T01:15:30Z",
    }
    thread = {
        "id": "Ug1",
        "snippet": {"videoId": "vid1", "topLevelComment": {"id": "Ug1", "snippet": top}},
        "replies": {"comments": [{"id": "Ug1.a", "snippet": {**top, "textOriginal": OTHER}}]},
    }
    lone = {k: v for k, v in thread.items() if k != "replies"}
    downloader = {
        "cid": "Ug1",
        "text": TEXT,
        "time": "3 minggu yang lalu",
        "author": "@budisukamaju",
        "channel": "UC1",
        "votes": "1,2 rb",
        "replies": "",
        "photo": "",
        "heart": False,
        "reply": False,
    }
    wrapper = {
        "id": "a1",
        "text": TEXT,
        "author": "@budisukamaju",
        "url": "https://www.youtube.com/watch?v=vid1",
        "is_reply": False,
        "parent_id": None,
    }
    research = {
        "id": 7301234567890123456,
        "username": "budi.sukamaju",
        "create_time": EPOCH,
        "video_description": TEXT,
        "region_code": "ID",
    }
    telegram = {
        "name": "Warga",
        "type": "private_group",
        "id": 1,
        "messages": [
            {"id": 1, "type": "service", "date": "2024-03-02T08:15:30", "text": ""},
            {
                "id": 2,
                "type": "message",
                "date": "2024-03-02T08:15:30",
                "date_unixtime": str(EPOCH),
                "from": "Budi",
                "from_id": "user1",
                "text": ["Cek ", {"type": "link", "text": "https://contoh.invalid"}, " ya"],
                "contact_information": {"first_name": "Tono", "phone_number": "+62 812-0000-0001"},
            },
            {
                "id": 3,
                "type": "message",
                "date": "2024-03-02T08:15:30",
                "date_unixtime": str(EPOCH),
                "from": "Rahma",
                "from_id": "user2",
                "text": OTHER,
                "forwarded_from": "Kanal Desa",
            },
        ],
    }
    account = {"about": "x", "chats": {"about": "y", "list": [telegram, telegram]}}
    whatsapp = (
        "30/08/24 18.00 - Pesan dan panggilan dienkripsi secara end-to-end.\n"
        f"30/08/24 18.01 - +62 812-0000-0001: {TEXT}\nbaris kedua\n"
        f"30/08/24 18.02 - Rahma: {OTHER}\n"
    )
    sky = {
        "uri": "at://did:plc:abc/app.bsky.feed.post/3kabc",
        "author": {"handle": "budi.sukamaju.id", "displayName": "Budi"},
        "record": {"text": TEXT, "createdAt": Z_TIME},
    }
    hand = [
        ["Tanggal", "Bulan", "Tahun", "Jam", "text", "RT"],
        ["22", "07", "2014", "08:52:06", TEXT, ""],
        ["08", "07", "2014", "22:59:57", OTHER, ""],
    ]
    return [
        Made(
            "zeeschuimer-tiktok",
            "tt.ndjson",
            zeeschuimer("tiktok.com", video, {**video, "author": "budi.sukamaju"}),
            {
                "text": "data.desc",
                "account": "data.author.uniqueId",
                "posted_at": "data.createTime",
                "post_id": "data.id",
            },
            {"text": TEXT, "account": "budi.sukamaju", "url": url, "posted_at": UTC},
            last={"account": "budi.sukamaju"},
        ),
        Made(
            "zeeschuimer-tiktok-comments",
            "ttc.ndjson",
            zeeschuimer("tiktok.com", comment),
            {
                "text": "data.text",
                "account": "data.user.unique_id",
                "posted_at": "data.create_time",
                "post_id": "data.cid",
            },
            {"text": TEXT, "text_kind": "reply", "posted_at": UTC},
            n=1,
        ),
        Made(
            "zeeschuimer-decoder",
            "tt.csv",
            table(
                ["index", "id", "url", "description", "author", "digg_count", "search_url"],
                [0, ID, url, TEXT, "Budi Suka", 1, "https://www.tiktok.com/search?q=a&t=9"],
            ),
            {"text": "description", "account": "url*", "url": "url", "post_id": "id"},
            {"account": "budi.sukamaju", "post_id": ID},
            n=1,
        ),
        Made(
            "4cat",
            "4cat.csv",
            table(list(cat), list(cat.values()), [ID, *list(cat.values())[1:]]),
            {
                "text": "body",
                "account": "author",
                "posted_at": "unix_timestamp",
                "url": "url",
                "post_id": "id",
            },
            {"text": TEXT, "text_kind": "reply", "posted_at": UTC},
            last={"text_kind": "own"},
        ),
        Made(
            "4cat komentar",
            "4cat.ndjson",
            lines(cat_comment, cat_comment),
            {
                "text": "body",
                "account": "author",
                "posted_at": "timestamp",
                "url": "post_url",
                "post_id": "id",
                "parent_text": "post_body",
            },
            {"parent_text": PARENT, "text_kind": "reply", "posted_at": UTC},
            preset="4cat",
        ),
        Made(
            "youtube-api",
            "komentar.json",
            json.dumps(
                {"kind": "youtube#commentThreadListResponse", "items": [thread, lone]}
            ).encode(),
            {
                "text": "items[].snippet.topLevelComment.snippet.textOriginal",
                "account": "items[].snippet.topLevelComment.snippet.authorDisplayName",
                "posted_at": "items[].snippet.topLevelComment.snippet.publishedAt",
                "post_id": "items[].id",
            },
            {
                "text": TEXT,
                "account": "@budisukamaju",
                "url": "https://www.youtube.com/watch?v=vid1&lc=Ug1",
                "posted_at": UTC,
            },
        ),
        Made(
            "youtube-api-replies",
            "komentar.json",
            json.dumps({"items": [thread]}).encode(),
            {
                "text": "items[].replies.comments[].snippet.textOriginal",
                "account": "items[].replies.comments[].snippet.authorDisplayName",
                "posted_at": "items[].replies.comments[].snippet.publishedAt",
                "post_id": "items[].replies.comments[].id",
            },
            {"text": OTHER, "text_kind": "reply"},
            n=1,
            table=1,
        ),
        Made(
            "youtube-api-thread",
            "utas.jsonl",
            lines(lone, lone),
            {
                "text": "snippet.topLevelComment.snippet.textOriginal",
                "account": "snippet.topLevelComment.snippet.authorDisplayName",
                "posted_at": "snippet.topLevelComment.snippet.publishedAt",
                "post_id": "id",
            },
            {"text": TEXT},
        ),
        Made(
            "youtube-downloader",
            "yt.jsonl",
            lines(downloader, {**downloader, "time_parsed": float(EPOCH)}),
            {"text": "text", "account": "author", "posted_at": "time_parsed", "post_id": "cid"},
            {"posted_at": "", "account": "@budisukamaju"},
            last={"posted_at": UTC},
        ),
        Made(
            "youtube-downloader-table",
            "yt.jsonl",
            lines(wrapper, wrapper),
            {"text": "text", "account": "author", "post_id": "id"},
            {"url": "", "text_kind": "reply"},
        ),
        Made(
            "youtube-data-tools",
            "ytdt.csv",
            table(
                [
                    "id",
                    "replyCount",
                    "likeCount",
                    "publishedAt",
                    "authorName",
                    "text",
                    "authorChannelId",
                    "authorChannelUrl",
                    "isReply",
                    "isReplyTo",
                    "isReplyToName",
                ],
                ["Ug1", 0, 0, "2024-03-02 01:15:30", "@budi", TEXT, "UC1", "", 0, "", ""],
            ),
            {"text": "text", "account": "authorName", "posted_at": "publishedAt", "post_id": "id"},
            {"posted_at": UTC, "account": "@budi"},
            n=1,
        ),
        Made(
            "youtube buku catatan",
            "yt.csv",
            table(
                ["author", "comment", "likeCount", "publishedAt"],
                ["@budi", "Setuju &amp; mantap<br>sekali &#39;pak&#39;", 0, Z_TIME],
                ["@rahma", OTHER, 0, Z_TIME],
                sep=";",
                bom=True,
            ),
            {"text": "comment", "account": "author", "posted_at": "publishedAt"},
            {"text": "Setuju & mantap\nsekali 'pak'"},
            preset=None,
        ),
        Made(
            "tiktok-research",
            "tr.jsonl",
            lines(research),
            {
                "text": "video_description",
                "account": "username",
                "posted_at": "create_time",
                "post_id": "id",
            },
            {
                "post_id": "7301234567890123456",
                "url": "https://www.tiktok.com/@budi.sukamaju/video/7301234567890123456",
            },
            n=1,
        ),
        Made(
            "tiktok-research-page",
            "tr.json",
            json.dumps(
                {"data": {"videos": [research], "has_more": False}, "error": {"code": "ok"}}
            ).encode(),
            {
                "text": "data.videos[].video_description",
                "account": "data.videos[].username",
                "posted_at": "data.videos[].create_time",
                "post_id": "data.videos[].id",
            },
            {"text": TEXT},
            n=1,
        ),
        Made(
            "tiktok-research-comments",
            "trc.csv",
            table(
                [
                    "id",
                    "video_id",
                    "text",
                    "like_count",
                    "reply_count",
                    "parent_comment_id",
                    "create_time",
                ],
                [ID, "7", TEXT, 0, 0, "7", EPOCH],
            ),
            {"text": "text", "posted_at": "create_time", "post_id": "id"},
            {"account": "", "text_kind": "reply", "posted_at": UTC},
            n=1,
        ),
        Made(
            "pyktok",
            "pyktok.csv",
            table(
                [
                    "video_id",
                    "video_timestamp",
                    "video_duration",
                    "video_description",
                    "author_username",
                    "author_name",
                ],
                [ID, "2024-03-02T08:15:30", 12, TEXT, "budi.sukamaju", "Budi"],
            ),
            {
                "text": "video_description",
                "account": "author_username",
                "posted_at": "video_timestamp",
                "post_id": "video_id",
            },
            {"posted_at": "2024-03-02T08:15:30", "url": url},
            n=1,
        ),
        Made(
            "telegram",
            "result.json",
            json.dumps(telegram, indent=1).encode(),
            {
                "text": "messages[].text",
                "account": "messages[].from_id",
                "posted_at": "messages[].date_unixtime",
                "post_id": "messages[].id",
            },
            {
                "text": "Cek https://contoh.invalid ya",
                "account": "user1",
                "posted_at": UTC,
                "source_row": 1,
            },
            last={"text_kind": "share"},
        ),
        Made(
            "telegram akun",
            "result.json",
            json.dumps(account).encode(),
            {
                "text": "chats.list[].messages[].text",
                "account": "chats.list[].messages[].from_id",
                "posted_at": "chats.list[].messages[].date_unixtime",
                "post_id": "chats.list[].messages[].id",
            },
            {"account": "user1"},
            n=4,
            preset="telegram",
        ),
        Made(
            "whatsapp",
            "Chat WhatsApp.txt",
            whatsapp.encode(),
            {
                "text": '(after the first ": ")',
                "account": '(before ": ")',
                "posted_at": "(line start)",
            },
            {"text": f"{TEXT}\nbaris kedua", "posted_at": "2024-08-30T18:01:00"},
            last={"account": "Rahma"},
        ),
        Made(
            "bluesky",
            "bsky.ndjson",
            lines(
                sky, {**sky, "record": {**sky["record"], "reply": {"parent": {"uri": "at://x"}}}}
            ),
            {
                "text": "record.text",
                "account": "author.handle",
                "posted_at": "record.createdAt",
                "post_id": "uri*",
            },
            {
                "url": "https://bsky.app/profile/budi.sukamaju.id/post/3kabc",
                "text_kind": "own",
                "posted_at": UTC,
            },
            last={"text_kind": "reply"},
        ),
        Made(
            "buatan sendiri",
            "tabel.xlsx",
            workbook({"Rekap": [["Tahun", "Jumlah"], [2014, 2]], "data": hand}),
            {"text": "text", "posted_at": "Tanggal+Bulan+Tahun+Jam"},
            {"text": TEXT, "posted_at": "2014-07-22T08:52:06"},
            preset=None,
        ),
        Made(
            "kepala kolom Indonesia",
            "tabel.csv",
            table(
                ["No", "Tanggal", "Jam", "Nama Akun", "Isi Komentar", "Tautan", "Sentimen"],
                [
                    1,
                    "2 Maret 2024",
                    "08.15 WIB",
                    "budi_sukamaju",
                    TEXT,
                    f"https://x.com/budi_sukamaju/status/{ID}",
                    "positif",
                ],
                [
                    2,
                    "3 Agustus 2024",
                    "21.05 WITA",
                    "rahma",
                    OTHER,
                    f"https://x.com/rahma/status/{ID_2}",
                    "netral",
                ],
                sep=";",
            ),
            {
                "text": "Isi Komentar",
                "account": "Nama Akun",
                "posted_at": "Tanggal+Jam",
                "url": "Tautan",
                "post_id": "Tautan*",
            },
            {"posted_at": "2024-03-02T08:15:00+07:00", "post_id": ID},
            last={"posted_at": "2024-08-03T21:05:00+08:00"},
            preset=None,
        ),
        Made(
            "pemantau media",
            "laporan.xlsx",
            workbook(
                {
                    "Mentions": [
                        ["Laporan mingguan"],
                        ["Proyek", "Sukamaju"],
                        [],
                        ["Date", "Title", "Snippet", "URL", "Host", "Author", "Sentiment"],
                        [
                            "2024-03-02 08:15",
                            "Kabar desa",
                            WHOLE[:50] + "…",
                            "https://contoh.invalid/1",
                            "contoh.invalid",
                            "redaksi",
                            "Neutral",
                        ],
                        [
                            "2024-03-03 08:15",
                            "Kabar kota",
                            OTHER + "…",
                            "https://contoh.invalid/2",
                            "contoh.invalid",
                            "redaksi",
                            "Neutral",
                        ],
                    ]
                }
            ),
            {"text": "Snippet", "account": "Author", "posted_at": "Date", "url": "URL"},
            {"truncated": True, "posted_at": "2024-03-02T08:15:00"},
            preset=None,
        ),
        Made(
            "layanan tak dikenal",
            "unduhan.json",
            json.dumps(
                {
                    "status": "ok",
                    "payload": {
                        "items": [
                            {
                                "message": {"text": TEXT, "created_at": Z_TIME},
                                "user": {"screen_name": "budi_sukamaju", "id": 7},
                            },
                            {
                                "message": {"text": OTHER, "created_at": Z_TIME},
                                "user": {"screen_name": "rahma", "id": 8},
                            },
                        ]
                    },
                }
            ).encode(),
            {
                "text": "payload.items[].message.text",
                "account": "payload.items[].user.screen_name",
                "posted_at": "payload.items[].message.created_at",
            },
            {"text": TEXT, "account": "budi_sukamaju"},
            preset=None,
        ),
    ]
