"""What never enters a log: the way in of a reporter, `/r/number/secret`."""

from __future__ import annotations

import logging
import re

_RECEIPT = re.compile(r"/r/[^\s\"'?]+")


class WithoutSecrets(logging.Filter):
    """Cuts receipts out of every line, whoever writes it; the line is written out here, its arguments are dropped."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/r/" in text:
            record.msg, record.args = _RECEIPT.sub("/r/…", text), ()
        return True
