"""What never enters a log: the ways in of a reporter, `/r/number/secret` and `/a/word`."""

from __future__ import annotations

import logging
import re

_RECEIPT = re.compile(r"/([ra])/[^\s\"'?]+")


class WithoutSecrets(logging.Filter):
    """Cuts receipts out of every line, whoever writes it; the line is written out here, its arguments are dropped."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/r/" in text or "/a/" in text:
            record.msg, record.args = _RECEIPT.sub(r"/\1/…", text), ()
        return True
