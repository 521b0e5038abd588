"""Which customers received quantity of a lot with a nonconformity: a consumer that knows nothing but the public events of
`control`, and nothing but Python's standard library. It reads CloudEvents from standard input, one a line, and writes one line
of JSON an exposure:

    touchstone export --format jsonl --service control --data .data | python3 services/e2e/src/examples/customer_exposure.py

Events may come twice, and streams in any order among each other: nothing is decided before all is read.
"""

import json
import sys

delivered = {}  # by delivery
reported = {}  # by nonconformity
voided_at = {}  # by nonconformity


def take(event):
    data = event["data"]
    if event["type"] == "control.DeliveryDispatched.v1":  # the quantity that left, even if less arrives
        delivered[data["deliveryId"]] = {**data, "time": event["time"]}
    elif event["type"] == "control.NonconformityReported.v1":
        reported[data["nonconformityId"]] = data
    elif event["type"] == "control.NonconformityVoided.v1":
        voided_at[data["nonconformityId"]] = event["time"]
    # other types, and those that do not exist yet, are none of its business


def exposures():
    """What an inspection found before release was held, and reached nobody; what left after the report was voided exposes nobody."""
    for nonconformity_id, nonconformity in reported.items():
        if nonconformity["source"] == "inspection":
            continue
        for delivery in delivered.values():
            if delivery["lotId"] == nonconformity["lotId"] and delivery["time"] < voided_at.get(nonconformity_id, "9"):
                yield {
                    "accountId": delivery["accountId"],
                    "deliveryId": delivery["deliveryId"],
                    "lotId": delivery["lotId"],
                    "nonconformityId": nonconformity_id,
                    "quantity": delivery["quantity"],
                    "severity": nonconformity["severity"],
                }


for line in sys.stdin:
    if line.strip():
        take(json.loads(line))
for line in sorted(json.dumps(each, separators=(",", ":")) for each in exposures()):
    print(line)
