"""Which customers received quantity of a lot with a nonconformity: a consumer that knows nothing but the public events of
`control`. It writes one line of JSON an exposure. Given brokers and a topic it reads that from its beginning up to now, with
kafka-python; else CloudEvents from standard input, one a line, with nothing but Python's standard library:

    touchstone export --format jsonl --service control --data .data | python3 services/e2e/src/examples/customer_exposure.py
    python3 services/e2e/src/examples/customer_exposure.py kafka-1:9092 control.events.v1

Events may come twice, and streams in any order among each other: nothing is decided before all is read.
"""
import json
import sys

delivered, reported, voided_at = {}, {}, {}  # by delivery, by nonconformity, by nonconformity


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
    for found in reported.values():
        if found["source"] == "inspection":
            continue
        for left in delivered.values():
            if left["lotId"] == found["lotId"] and left["time"] < voided_at.get(found["nonconformityId"], "9"):
                of_delivery = {name: left[name] for name in ("accountId", "deliveryId", "lotId", "quantity")}
                yield {**of_delivery, "nonconformityId": found["nonconformityId"], "severity": found["severity"]}


def read_topic(brokers, topic):
    from kafka import KafkaConsumer, TopicPartition

    consumer = KafkaConsumer(bootstrap_servers=brokers.split(","), enable_auto_commit=False)
    places = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic))]
    consumer.assign(places)
    consumer.seek_to_beginning(*places)
    ends = consumer.end_offsets(places)
    while any(consumer.position(place) < ends[place] for place in places):
        for record in (each for records in consumer.poll(timeout_ms=1000).values() for each in records):
            headers = dict(record.headers)
            take({"type": headers["ce_type"].decode(), "time": json.loads(headers["touchstone_meta"])["occurredAt"], "data": json.loads(record.value)})


if len(sys.argv) > 1:
    read_topic(*sys.argv[1:])
else:
    for line in filter(str.strip, sys.stdin):
        take(json.loads(line))
for line in sorted(json.dumps(each, separators=(",", ":"), sort_keys=True) for each in exposures()):
    print(line)
