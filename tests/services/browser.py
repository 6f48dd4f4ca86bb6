"""Chromium as the distribution ships it, driven by Playwright; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

# Chromium draws the list below its address bar as two pages of its own for every window, which nobody sees here and
# which cost a third of its work. Of several such switches it takes the last: Playwright's list stands here too.
_WITHOUT = [
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch",
]  # fmt: skip
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_WITHOUT)}",
]


def executable() -> str:
    """The browser's program; GEWU_TEST_CHROMIUM names another one."""
    named = os.environ.get("GEWU_TEST_CHROMIUM")
    found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    for candidate in (named, *found):
        if candidate and Path(candidate).exists():
            return candidate
    raise RuntimeError("Chromium is missing: install the package chromium, or set GEWU_TEST_CHROMIUM.")
