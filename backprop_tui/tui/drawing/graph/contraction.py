"""A graph with blocks folded: the operations of one that follow each other become a single node."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping

from msgspec.structs import replace

from backprop_tui.engine.statements.variable import Phase
from backprop_tui.tui.drawing.graph.flow import Flow, Node


def contracted(flow: Flow, blocks: Mapping[str, str], folded: Container[str]) -> Flow:
    """The graph with some blocks folded; `blocks` has the block of each operation, by its name.

    A folded block is a node in each half of the graph and in the update, or more than one where other operations stand
    between its own: so none can read another that reads it. What an iteration starts from is in there too, where
    nothing but that block reads it.
    """
    home = _homes(flow, blocks, folded)
    if not home:
        return flow
    members: dict[str, list[Node]] = {}
    for key, group in home.items():
        members.setdefault(group, []).append(flow.nodes[key])
    nodes: dict[str, Node] = {}
    for key, node in flow.nodes.items():
        within = home.get(key)
        if within is None:
            reads = tuple(dict.fromkeys(home.get(read, read) for read in node.reads))
            nodes[key] = replace(node, reads=reads, of="" if node.of in home else node.of)
        elif node.index == max(each.index for each in members[within]):  # all that it reads stands before its last
            nodes[within] = _group(within, members[within], home, flow)
    readers: dict[str, list[Node]] = {}
    for node in nodes.values():
        for key in node.reads:
            readers.setdefault(key, []).append(node)
    return Flow(nodes, {key: tuple(found) for key, found in readers.items()}, home)


def _homes(flow: Flow, blocks: Mapping[str, str], folded: Container[str]) -> dict[str, str]:
    """The group that each folded node goes into, by its key."""
    home: dict[str, str] = {}
    count: Counter[tuple[str, Phase]] = Counter()
    first: dict[str, str] = {}
    before: tuple[str, Phase] | None = None
    for node in sorted((node for node in flow.nodes.values() if node.index >= 0), key=lambda node: node.index):
        block = blocks.get(node.name, "")
        run = (block, node.phase) if block and block in folded else None
        if run is not None:
            count[run] += run != before
            home[node.key] = f"{block} {node.phase.name.lower()} {count[run]}"
            first.setdefault(block, home[node.key])
        before = run
    for node in flow.nodes.values():
        if node.index < 0:
            reading = {blocks.get(reader.name, "") if reader.key in home else "" for reader in flow.readers[node.key]}
            if len(reading) == 1 and (block := next(iter(reading))):
                home[node.key] = first[block]
    return home


def _group(key: str, members: list[Node], home: Mapping[str, str], flow: Flow) -> Node:
    """The node of a folded block, called by the last of it that others read."""
    own = sorted((node for node in members if node.index >= 0), key=lambda node: node.index)
    leaving = [node for node in own if any(home.get(r.key) != key for r in flow.readers.get(node.key, ()))]
    last = (leaving or own)[-1]
    reads = dict.fromkeys(home.get(read, read) for node in own for read in node.reads)
    block, phase, number = key.rsplit(" ", 2)
    beside = f"{block} {Phase.FORWARD.name.lower()} 1"
    return Node(
        key=key,
        name=last.name,
        phase=own[0].phase,
        index=own[-1].index,
        reads=tuple(read for read in reads if read != key),
        settings=tuple(dict.fromkeys(name for node in own for name in node.settings)),
        of=beside if (phase, number) == (Phase.BACKWARD.name.lower(), "1") and _is_there(beside, home) else "",
        block=block,
        members=tuple(node.name for node in own),
        leaving=tuple(node.name for node in leaving),
        first=own[0].index,
    )


def _is_there(group: str, home: Mapping[str, str]) -> bool:
    return group in home.values()


def group_of(flow: Flow, keys: Iterable[str]) -> list[str]:
    """The nodes that some keys stand for: their own, or those of the folded blocks that they are in."""
    return [key for key in (flow.home.get(key, key) for key in keys) if key in flow.nodes]
