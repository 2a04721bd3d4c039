"""Small exports in the shape of every tool that is read."""

import made_apify
import made_meta
import made_others
import made_x
from making import Made

MADE: list[Made] = [
    *made_x.exports(),
    *made_apify.exports(),
    *made_meta.exports(),
    *made_others.exports(),
]
