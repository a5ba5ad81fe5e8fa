# SPDX-License-Identifier: GPL-2.0-or-later
"""
The lines of show commands as programs read them that know Cisco's: each form is a regular
expression, whose groups have the names that JSON has; those that end in _ are not in JSON.
"""

import re

from lib.lispstate import CLOCKS

INTERVAL = r"\d\d:\d\d:\d\d|\d+d\d\dh|\d+w\d+d"
WHEN = rf"never|{INTERVAL}"
PRI_WGT = r"(?P<priority>\d+)/(?P<weight>\d+)"
ROUTER = {"router": r"Output for router lisp 0(?: instance-id (?P<iid_>\d+))?"}
TABLE = r"EID-table (?:default|vrf \S+) \(IID (?P<iid_>\d+)\)"

MAP_CACHE = {
    **ROUTER,
    "table": rf"LISP IPv[46] Mapping Cache for {TABLE}, (?P<entries_>\d+) entries",
    "entry": rf"(?P<eid>\S+), uptime: (?P<uptime>{INTERVAL}), expires: (?P<expires>{WHEN}),"
    r" via (?P<source>map-reply|static|miss),? (?P<condition_>\S+)",
    "negative": r"Negative cache entry, action: (?P<action>\S+)",
    "hold": r"No answer came, action: (?P<action>\S+)",
    "columns": r"Locator +Uptime +State +Pri/Wgt +Encap-IID",
    "locator": rf"(?P<address>\S+) +(?P<lastChange>{WHEN}) +(?P<state>\S+) +{PRI_WGT} +-",
}

DATABASE = {
    **ROUTER,
    "table": rf"LISP ETR IPv[46] Mapping Database for {TABLE}, LSBs: (?P<lsbs_>0x[0-9a-f]+)",
    "totals": r"Entries total (?P<total>\d+), no-route (?P<down>\d+),"
    r" inactive (?P<inactive_>\d+)",
    "entry": r"(?P<eid>\S+), locator-set (?P<locatorSet>\S+)",
    "columns": r"Locator +Pri/Wgt +Source +State",
    "locator": rf"(?P<address>\S+) +{PRI_WGT} +(?:cfg-intf|cfg-addr) +site-self,"
    r" (?P<reachable>reachable|no-\S+)",
    "server": rf"Map-Server (?P<mapServer>\S+): (?P<state>\S+) since (?P<since>{WHEN})"
    r"(?:, (?P<reason>.+))?",
}

SITE = {
    "title": r"LISP Site Registration Information",
    "marks": r"[*#] = Some .*",
    "columns": r"Site Name +Last +Up +Who Last +Inst +EID Prefix",
    "columns more": r"Register +Registered +ID",
    "prefix": rf"(?:(?P<site_>\S+) +)?(?P<lastRegistered>{WHEN}) +(?P<registered>yes\*?|no)"
    r" +(?P<who_>--|\S+:\d+) +(?P<instanceId>\d+) +(?P<eid>\S+)",
}

DETAIL = {
    "site": r"Site name: (?P<site_>\S+)",
    "locators": r"Allowed configured locators: any",
    "prefixes": r"Allowed EID-prefixes:",
    "prefix": r"EID-prefix: (?P<eid>\S+) instance-id (?P<instanceId>\d+)",
    "first": rf"First registered: +(?P<firstRegistered>{WHEN})",
    "last": rf"Last registered: +(?P<lastRegistered>{WHEN})",
    "tag": r"Routing table tag: +0",
    "origin": r"Origin: +(?:Configuration(?:, accepting more specifics)?"
    r"|Dynamic, more specific of \S+)",
    "merge": r"Merge active: +(?:Yes|No)",
    "proxy": r"Proxy reply: +(?:Yes|No)",
    "ttl": rf"TTL: +(?:0|{INTERVAL})",
    "state": r"State: +(?P<registered>complete|no|unknown)",
    "errors": r"Registration errors:",
    "failures": r"Authentication failures: +(?P<authenticationFailures>\d+)",
    "mismatch": r"Allowed locators mismatch: +0",
    "refused": r"Refused records: +(?P<refusedRecords>\d+)",
    "etr": rf"ETR (?P<etr>\S+), last registered (?P<lastRegistered>{WHEN}),"
    r" (?P<proxyReply>(?:no )?proxy-reply), (?P<wantMapNotify>(?:no )?map-notify)",
    "how": rf"TTL (?P<recordTtl>{INTERVAL}), (?P<merge>(?:no )?merge),"
    r" hash-function (?P<algorithm>\S+), nonce (?P<nonce>0x[0-9a-f]{8}-0x[0-9a-f]{8})",
    "capability": r"state complete, (?P<lispSec>(?:no )?security-capability)",
    "xtr": r"xTR-ID (?P<xtrId>\S+)",
    "site-id": r"site-ID (?P<siteId>\S+)",
    "key": rf"key-id (?P<keyId>\d+), port (?P<port>\d+), expires (?P<expires>{WHEN})",
    "columns": r"Locator +Local +State +Pri/Wgt +Scope",
    "locator": rf"(?P<address>\S+) +(?P<local>yes|no) +(?P<state>\S+) +{PRI_WGT} +\S+ none",
}

# What is told of a Map-Server beyond this has a line of its own.
SERVICE = {
    **ROUTER,
    "instance": r"Instance ID: +(?P<instanceId>\d+)",
    "id": r"Router-lisp ID: +0",
    "rlocs": r"Locator table: +\S+",
    "eids": r"EID table: +(?:vrf )?(?P<eidTable>\S+)",
    "itr": r"Ingress Tunnel Router \(ITR\): +(?P<itr>enabled|disabled)",
    "etr": r"Egress Tunnel Router \(ETR\): +(?P<etr>enabled|disabled)",
    "pitr": r"Proxy-ITR Router \(PITR\): +disabled",
    "petr": r"Proxy-ETR Router \(PETR\): +disabled",
    "rtr": r"NAT-traversal Router \(NAT-RTR\): +disabled",
    "mobility": r"Mobility First-Hop Router: +disabled",
    "server": r"Map Server \(MS\): +(?P<mapServer>enabled|disabled)",
    "resolver": r"Map Resolver \(MR\): +(?P<mapResolver>enabled|disabled)",
    "ddt": r"Delegated Database Tree \(DDT\): +disabled",
    "alt": r"ALT VRF: +\S+",
    "resolvers": r"ITR Map-Resolver\(s\): *(?P<addresses>[0-9a-f.:, ]*)",
    "servers": rf"ETR Map-Server\(s\): *(?P<addresses_>(?:[0-9a-f.:]+ \((?:{WHEN})\)(?:, )?)*)",
    "xtr": r"xTR-ID: +(?P<xtrId>\S+)",
    "site": r"site-ID: +(?P<siteId>\S+)",
    "ttl": rf"ETR map-cache TTL: +(?P<etrMapCacheTtl>{INTERVAL})",
    "no answer": r"EIDs without an answer: +(?P<noAnswer>\S+)",
    "cache": r"Map-cache size/limit: +(?P<mapCacheSize>\d+)/(?P<mapCacheLimit>\d+)",
}

STATISTICS = {
    **ROUTER,
    "title": r"LISP (?P<what_>\S+) Statistics(?: for instance ID (?P<instanceId>\d+))?"
    rf" - last cleared: (?P<lastCleared>{WHEN})",
    "section": r"Control Packets:|Events:|Errors:",
    "message": r"(?P<name_>[A-Za-z -]+) in/out: +(?P<in>\d+)/(?P<out>\d+)",
    "count": r"(?P<name_>[A-Za-z0-9 -]+): +(?P<count_>\d+)",
    "family": r"(?P<family_>IPv[46]) EIDs",
    "columns": r"Map-Resolver +LastReply +Metric +ReqsSent +Positive +Negative +No-Reply",
    "resolver": rf"(?P<address>\S+) +(?P<lastReply>{WHEN}) +- +(?P<requests>\d+)"
    r" +(?P<replies>\d+) +(?P<negativeReplies>\d+) +(?P<timeouts>\d+)",
}


def read(text, forms, others=None):
    "{form: [groups of each line]}; a line of no form belongs to OTHERS, a pattern."
    found = {form: [] for form in forms}
    for line in filter(None, map(str.strip, text.splitlines())):
        for form, pattern in forms.items():
            match = re.fullmatch(pattern, line)
            if match:
                found[form].append(match.groupdict())
                break
        else:
            assert others and re.fullmatch(others, line), f"{line!r} has none of the forms"
    return found


def interval(minutes):
    "As the text has it."
    if minutes < 24 * 60:
        return f"{minutes // 60:02}:{minutes % 60:02}:00"
    days, hours = divmod(minutes // 60, 24)
    return f"{days}d{hours:02}h" if days < 7 else f"{days // 7}w{days % 7}d"


def agrees(name, text, value):
    "Does the text say what JSON has, clocks aside? value None: nothing."
    if CLOCKS.fullmatch(name):
        return (text == "never") == (value is None)
    if value is None or (name == "siteId" and not value):
        return text in (None, "-", "unspecified")
    if isinstance(value, bool):
        return value != bool(re.match(r"no\b|disabled|unknown", text.lower()))
    if name.endswith("Ttl"):
        return text == interval(value)
    return text == str(value)


def differences(lines, objects):
    "Where lines and the objects of JSON that they are of do not say the same."
    if len(lines) != len(objects):
        return [f"{len(lines)} lines, {len(objects)} objects"]
    objects = [one if isinstance(one, dict) else {} for one in objects]
    return [
        (name, text, one.get(name))
        for groups, one in zip(lines, objects)
        for name, text in groups.items()
        if not name.endswith("_") and not agrees(name, text, one.get(name))
    ]
