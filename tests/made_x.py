"""Exports of X in the shape of every crawler; people and places do not exist."""

import json

from making import (
    ID,
    ID_2,
    OTHER,
    PARENT,
    TEXT,
    UTC,
    WHOLE,
    X_TIME,
    Z_TIME,
    Made,
    array,
    lines,
    table,
    workbook,
    x_result,
    zeeschuimer,
)


def exports() -> list[Made]:
    """Return the exports with what reading them must give."""
    harvest = [
        "conversation_id_str",
        "created_at",
        "favorite_count",
        "full_text",
        "id_str",
        "image_url",
        "in_reply_to_screen_name",
        "lang",
        "location",
        "quote_count",
        "reply_count",
        "retweet_count",
        "tweet_url",
        "user_id_str",
        "username",
    ]
    url = f"https://x.com/budi_sukamaju/status/{ID}"

    def row(
        text: str, *, number: str = ID, root: str = ID, to: str = "", who: str = "budi_sukamaju"
    ) -> list[str]:
        link = f"https://x.com/{who or 'undefined'}/status/{number}"
        return [
            root,
            X_TIME,
            "1",
            text,
            number,
            "",
            to,
            "in",
            "Sukamaju",
            "0",
            "0",
            "0",
            link,
            "77",
            who,
        ]

    columns = {
        "text": "full_text",
        "account": "username",
        "posted_at": "created_at",
        "url": "tweet_url",
        "post_id": "id_str",
    }
    post = {
        "text": TEXT,
        "account": "budi_sukamaju",
        "posted_at": UTC,
        "url": url,
        "post_id": ID,
        "text_kind": "own",
    }
    twint = [
        "id",
        "conversation_id",
        "created_at",
        "date",
        "time",
        "timezone",
        "user_id",
        "username",
        "name",
        "place",
        "tweet",
        "language",
        "link",
        "retweet",
        "quote_url",
        "reply_to",
    ]
    v2_user = {"id": "77", "username": "budi_sukamaju", "name": "Budi"}
    v2_rt = {
        "id": ID,
        "author_id": "77",
        "created_at": Z_TIME,
        "text": f"RT @rahma: {WHOLE[:30]}…",
        "public_metrics": {"like_count": 1},
        "referenced_tweets": [{"type": "retweeted", "id": ID_2}],
    }
    v2_reply = {
        "id": "5",
        "author_id": "77",
        "created_at": Z_TIME,
        "text": TEXT,
        "public_metrics": {},
        "referenced_tweets": [{"type": "replied_to", "id": ID_2}],
    }
    v2_other = {"id": ID_2, "author_id": "78", "text": WHOLE}
    page = {
        "data": [v2_rt, v2_reply],
        "includes": {"users": [v2_user], "tweets": [v2_other]},
        "meta": {"result_count": 2},
    }
    flat = [
        {
            **v2_rt,
            "author": v2_user,
            "referenced_tweets": [{"type": "retweeted", "id": ID_2, "text": WHOLE}],
        },
        {
            **v2_reply,
            "author": v2_user,
            "referenced_tweets": [{"type": "replied_to", "id": ID_2, "text": PARENT}],
        },
    ]
    v1 = {
        "created_at": X_TIME,
        "id": int(ID),
        "id_str": ID,
        "text": WHOLE[:30] + "…",
        "truncated": True,
        "extended_tweet": {"full_text": WHOLE},
        "user": {"screen_name": "budi_sukamaju"},
    }
    v1_rt = {
        **v1,
        "text": f"RT @rahma: {WHOLE[:30]}…",
        "extended_tweet": None,
        "truncated": False,
        "retweeted_status": {"full_text": WHOLE},
    }
    note = {"note_tweet": {"note_tweet_results": {"result": {"text": WHOLE * 4}}}}
    snscrape = {
        "_type": "snscrape.modules.twitter.Tweet",
        "url": url,
        "date": "2024-03-02T01:15:30+00:00",
        "rawContent": TEXT,
        "renderedContent": "bukan ini",
        "id": int(ID),
        "user": {"username": "budi_sukamaju", "displayname": "Budi"},
        "retweetedTweet": None,
        "quotedTweet": {"rawContent": PARENT},
        "inReplyToTweetId": None,
    }
    archive = {"tweet": {"full_text": TEXT, "created_at": X_TIME, "id_str": ID, "id": ID}}
    repost = {
        "tweet": {
            "full_text": f"RT @rahma: {OTHER}",
            "created_at": X_TIME,
            "id_str": ID_2,
            "id": ID_2,
        }
    }
    return [
        Made(
            "tweet-harvest",
            "panen.csv",
            table(harvest, row(TEXT), row(OTHER, number=ID_2, to="rahma")),
            columns,
            post,
            last={"text_kind": "reply", "post_id": ID_2},
        ),
        Made(
            "tweet-harvest lama",
            "panen.csv",
            table(
                [
                    c
                    for c in harvest
                    if c not in ("image_url", "location", "in_reply_to_screen_name")
                ],
                *(
                    [
                        v
                        for c, v in zip(harvest, row(t, number=n), strict=True)
                        if c not in ("image_url", "location", "in_reply_to_screen_name")
                    ]
                    for t, n in ((TEXT, ID), (OTHER, ID_2))
                ),
                sep=";",
            ),
            columns,
            {**post, "text_kind": "own"},
            last={"text_kind": "reply"},
            preset="tweet-harvest",
        ),
        Made(
            "tweet-harvest xlsx",
            "panen.xlsx",
            workbook({"Tweets": [harvest, row(TEXT), row(OTHER, number=ID_2)]}),
            columns,
            post,
            preset="tweet-harvest",
        ),
        Made(
            "tweet-harvest tanpa akun",
            "panen.csv",
            table(harvest, row(TEXT, who=""), row(OTHER, number=ID_2, who="")),
            {k: v for k, v in columns.items() if k != "account"},
            {**post, "account": "", "url": f"https://x.com/i/status/{ID}"},
            preset="tweet-harvest",
        ),
        Made(
            "tweet-harvest excel",
            "panen.csv",
            table(
                harvest,
                *([*r[:4], "1,76E+18", *r[5:]] for r in (row(TEXT), row(OTHER, number=ID_2))),
                sep=";",
                bom=True,
            ),
            {**columns, "post_id": "tweet_url*"},
            post,
            last={"post_id": ID_2},
            preset="tweet-harvest",
        ),
        Made(
            "twint",
            "twint.csv",
            table(
                twint,
                [
                    ID,
                    ID,
                    "2024-03-02 08:15:30 SE Asia Standard Time",
                    "2024-03-02",
                    "08:15:30",
                    "+0700",
                    "77",
                    "budi_sukamaju",
                    "Budi",
                    "",
                    TEXT,
                    "in",
                    url,
                    "False",
                    "",
                    "[]",
                ],
                [
                    ID_2,
                    ID,
                    "2024-03-02 08:15:30 Central Java Time",
                    "2024-03-02",
                    "08:15:30",
                    "+0700",
                    "78",
                    "rahma",
                    "Rahma",
                    "",
                    OTHER,
                    "in",
                    f"https://twitter.com/rahma/status/{ID_2}",
                    "False",
                    "",
                    "[]",
                ],
                sep="\t",
            ),
            {
                "text": "tweet",
                "account": "username",
                "posted_at": "created_at",
                "url": "link",
                "post_id": "id",
            },
            {**post, "posted_at": "2024-03-02T08:15:30+07:00"},
            last={"text_kind": "reply", "posted_at": "2024-03-02T08:15:30+07:00"},
        ),
        Made(
            "twitter-r",
            "twitter.csv",
            table(
                [
                    "text",
                    "favorited",
                    "favoriteCount",
                    "replyToSN",
                    "created",
                    "truncated",
                    "replyToSID",
                    "id",
                    "replyToUID",
                    "statusSource",
                    "screenName",
                    "retweetCount",
                    "isRetweet",
                    "retweeted",
                ],
                [
                    TEXT,
                    "FALSE",
                    0,
                    "NA",
                    "2024-03-02 01:15:30",
                    "TRUE",
                    "NA",
                    ID,
                    "NA",
                    "<a>x</a>",
                    "budi_sukamaju",
                    0,
                    "FALSE",
                    "FALSE",
                ],
                [
                    OTHER,
                    "FALSE",
                    0,
                    "rahma",
                    "2024-03-02 01:15:30",
                    "FALSE",
                    ID,
                    ID_2,
                    "78",
                    "x",
                    "budi_sukamaju",
                    0,
                    "FALSE",
                    "FALSE",
                ],
            ),
            {"text": "text", "account": "screenName", "posted_at": "created", "post_id": "id"},
            {**post, "truncated": True},
            last={"text_kind": "reply", "truncated": False},
        ),
        Made(
            "rtweet",
            "rtweet.csv",
            table(
                [
                    "user_id",
                    "status_id",
                    "created_at",
                    "screen_name",
                    "text",
                    "is_quote",
                    "is_retweet",
                    "quoted_text",
                    "retweet_text",
                ],
                [
                    "x77",
                    f"x{ID}",
                    "2024-03-02 01:15:30",
                    "budi_sukamaju",
                    TEXT,
                    "TRUE",
                    "FALSE",
                    PARENT,
                    "NA",
                ],
                [
                    "x77",
                    f"x{ID_2}",
                    "2024-03-02 01:15:30",
                    "budi_sukamaju",
                    "RT @rahma: Jalan…",
                    "FALSE",
                    "TRUE",
                    "NA",
                    WHOLE,
                ],
            ),
            {
                "text": "text",
                "account": "screen_name",
                "posted_at": "created_at",
                "post_id": "status_id",
                "parent_text": "quoted_text",
            },
            {**post, "text_kind": "quote", "parent_text": PARENT},
            last={"text": WHOLE, "text_kind": "repost"},
        ),
        Made(
            "snscrape",
            "cuitan.json",
            lines(
                snscrape,
                {
                    **snscrape,
                    "quotedTweet": None,
                    "inReplyToTweetId": 5,
                    "rawContent": OTHER,
                    "id": int(ID_2),
                },
            ),
            {
                "text": "rawContent",
                "account": "user.username",
                "posted_at": "date",
                "url": "url",
                "post_id": "id",
                "parent_text": "quotedTweet.rawContent",
            },
            {**post, "text_kind": "quote", "parent_text": PARENT},
            last={"text_kind": "reply", "text": OTHER},
        ),
        Made(
            "snscrape lama",
            "cuitan.jsonl",
            lines(
                {
                    **{k: v for k, v in snscrape.items() if k not in ("rawContent", "quotedTweet")},
                    "content": TEXT,
                }
            ),
            {
                "text": "content",
                "account": "user.username",
                "posted_at": "date",
                "url": "url",
                "post_id": "id",
            },
            post,
            n=1,
            preset="snscrape",
        ),
        Made(
            "twarc2-page",
            "hasil.jsonl",
            lines(page),
            {
                "text": "data[].text",
                "account": "includes.users[].username",
                "posted_at": "data[].created_at",
                "post_id": "data[].id",
                "parent_text": "includes.tweets[].text",
            },
            {
                "text": WHOLE,
                "account": "budi_sukamaju",
                "posted_at": UTC,
                "url": url,
                "post_id": ID,
                "text_kind": "repost",
                "truncated": False,
            },
            last={"text_kind": "reply", "parent_text": WHOLE},
        ),
        Made(
            "twarc2-page satu",
            "satu.json",
            json.dumps({"data": v2_reply, "includes": {"users": [v2_user]}}).encode(),
            {
                "text": "data[].text",
                "account": "includes.users[].username",
                "posted_at": "data[].created_at",
                "post_id": "data[].id",
            },
            {"text": TEXT, "account": "budi_sukamaju", "text_kind": "reply"},
            n=1,
            preset="twarc2-page",
        ),
        Made(
            "twarc2-flat",
            "datar.jsonl",
            lines(*flat),
            {
                "text": "text",
                "account": "author.username",
                "posted_at": "created_at",
                "post_id": "id",
                "parent_text": "referenced_tweets[type=replied_to].text",
            },
            {"text": WHOLE, "text_kind": "repost", "url": url},
            last={"text": TEXT, "parent_text": PARENT, "text_kind": "reply"},
        ),
        Made(
            "twarc-csv",
            "twarc.csv",
            table(
                [
                    "id",
                    "conversation_id",
                    "referenced_tweets.replied_to.id",
                    "referenced_tweets.retweeted.id",
                    "author_id",
                    "created_at",
                    "text",
                    "lang",
                    "public_metrics.like_count",
                    "author.username",
                    "author.name",
                    "__twarc.retrieved_at",
                ],
                [ID, ID, "", "", "77", Z_TIME, TEXT, "in", "0", "budi_sukamaju", "Budi", Z_TIME],
                [ID_2, ID, ID, "", "78", Z_TIME, OTHER, "in", "0", "rahma", "Rahma", Z_TIME],
            ),
            {
                "text": "text",
                "account": "author.username",
                "posted_at": "created_at",
                "post_id": "id",
            },
            post,
            last={"text_kind": "reply"},
        ),
        Made(
            "x-api-v1",
            "twarc1.jsonl",
            lines(v1, v1_rt),
            {
                "text": "extended_tweet.full_text",
                "account": "user.screen_name",
                "posted_at": "created_at",
                "post_id": "id_str",
            },
            {**post, "text": WHOLE, "truncated": False},
            last={"text": WHOLE, "text_kind": "repost"},
        ),
        Made(
            "x-archive",
            "tweets.js",
            b"window.YTD.tweets.part0 = " + array(archive, repost),
            {"text": "tweet.full_text", "posted_at": "tweet.created_at", "post_id": "tweet.id_str"},
            {**post, "account": "", "url": f"https://x.com/i/status/{ID}"},
            last={"text_kind": "repost"},
        ),
        Made(
            "x-archive-notes",
            "note-tweet.js",
            b"window.YTD.note_tweet.part0 = "
            + array(
                {"noteTweet": {"noteTweetId": ID, "createdAt": Z_TIME, "core": {"text": WHOLE}}}
            ),
            {
                "text": "noteTweet.core.text",
                "posted_at": "noteTweet.createdAt",
                "post_id": "noteTweet.noteTweetId",
            },
            {"text": WHOLE, "posted_at": UTC, "post_id": ID},
            n=1,
        ),
        Made(
            "zeeschuimer-x",
            "x.ndjson",
            zeeschuimer(
                "x.com",
                x_result(WHOLE[:40], **note),
                x_result(
                    "RT @rahma: Jalan…",
                    ID_2,
                    legacy={"retweeted_status_result": {"result": x_result(WHOLE, "9")}},
                ),
            ),
            {
                "text": "data.note_tweet.note_tweet_results.result.text",
                "account": "data.core.user_results.result.legacy.screen_name",
                "posted_at": "data.legacy.created_at",
                "post_id": "data.rest_id",
            },
            {**post, "text": WHOLE * 4},
            last={"text": WHOLE, "text_kind": "repost"},
        ),
    ]
