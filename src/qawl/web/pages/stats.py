"""The page of counts: what the newest statements of the record are, counted every few minutes."""

from __future__ import annotations

import time
from threading import Lock
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from qawl.model import ACTS
from qawl.record.statistics import TOLD, Statistics, statistics
from qawl.web.charts import columns
from qawl.web.site import AnySite, Site, render

router = APIRouter()
#: Seconds that counts are kept for, by each worker.
KEPT = 180.0
_counts: WeakKeyDictionary[Site, tuple[float, Statistics]] = WeakKeyDictionary()
_lock = Lock()


def counts_of(site: Site) -> Statistics:
    """The counts of a site's record, at most ``KEPT`` seconds old."""
    with _lock:  # one counts, the others wait for it
        kept = _counts.get(site)
        if kept is None or time.monotonic() - kept[0] > KEPT:
            with site.records.reading() as connection:
                found = statistics(connection)
            # an empty record is being filled: look again at once
            kept = (time.monotonic() if found.counted else float("-inf"), found)
            _counts[site] = kept
        return kept[1]


@router.get("/stats", response_class=HTMLResponse)
def page(request: Request, site: AnySite) -> HTMLResponse:
    """Counts by act, form, outlet, speaker and month."""
    found = counts_of(site)
    return render(
        request, "stats.html", found=found, columns=columns(found.month_acts, ACTS), told=TOLD
    )
