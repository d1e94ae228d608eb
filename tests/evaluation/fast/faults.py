"""
What could be wrong in the generator: one change of its source each, and every one must be found out.
"""

from __future__ import annotations

from typing import Final

from tests.evaluation.fast.faulty import Fault

FAULTS: Final = (
    # ----- pieces of code
    Fault("`<=` is written for `<`", "code", '"<": ast.Lt,', '"<": ast.LtE,'),
    Fault("`<` is written for `<=`", "code", '"<=": ast.LtE,', '"<=": ast.Lt,'),
    Fault("`and` is written as `or`", "code", "BoolOp(ast.And(), ", "BoolOp(ast.Or(), "),
    Fault("`or` is written as `and`", "code", "BoolOp(ast.Or(), ", "BoolOp(ast.And(), "),
    Fault("`not` is dropped", "code", "return UnaryOp(ast.Not(), value)", "return value"),
    Fault(
        "`not` of a comparison is dropped",
        "code",
        "return Compare(value.left, [ast.NotEq()], value.comparators)",
        "return value",
    ),
    # ----- operations
    Fault(
        "a choice takes the other branch",
        "operations",
        "chosen, one, other)",
        "chosen, other, one)",
    ),
    Fault(
        "two instants are compared by ==",
        "operations",
        'code.compare(left, ("<=", right), ("<=", left))',
        'code.compare(left, ("==", right))',
    ),
    Fault(
        "`by` does not look for null",
        "operations",
        "return code.both([happened, code.compare(code.name(value), (sign, against))])",
        "return code.compare(code.name(value), (sign, against))",
    ),
    Fault(
        "`has` is true of an empty list",
        "operations",
        "return code.both([code.is_given(code.name(value)), empty])",
        "return code.is_given(code.name(value))",
    ),
    Fault(
        "a period ends before its last instant",
        "operations",
        '("<=", code.name(moment)), ("<=", end)',
        '("<=", code.name(moment)), ("<", end)',
    ),
    Fault(
        "what is undecided counts as false",
        "lowering_calls",
        'return lowering.nodes.make("leave")',
        "return lowering.constant(False)",
    ),
    Fault(
        "what is kept is not computed anew for each turn",
        "emitter",
        "            if self.spaces[position].level in node.free:\n                return position",
        "            if self.spaces[position].level == -1:\n                return position",
    ),
    Fault(
        "a variable of another turn is taken",
        "emitter",
        "            if space.level in node.free:\n                return None",
        "            if space.level == -1:\n                return None",
    ),
    # ----- which operation
    Fault("`by` excludes the instant", "lowering_calls", '"by": "<="', '"by": "<"'),
    Fault("`before` includes the instant", "lowering_calls", '"before": "<"', '"before": "<="'),
    Fault("`after` includes the instant", "lowering_calls", '"after": ">"', '"after": ">="'),
    Fault(
        "an int is compared with a double as it is",
        "lowering_calls",
        "lowering.constant(float(nodes[whole].data.value))",
        "lowering.constant(nodes[whole].data.value)",
    ),
    Fault(
        "`all` looks only at members that an index gives",
        "lowering_loops",
        'if macro == "all":',
        'if macro == "none":',
    ),
    Fault(
        "one and true are one constant",
        "constants",
        "return (type(value).__name__, repr(value) if isinstance(value, float) else value)",
        "return (value,)",
    ),
    # ----- loops
    Fault(
        "the earlier of two latest wins",
        "loops",
        '_extreme(writer, node, ">=")',
        '_extreme(writer, node, ">")',
    ),
    Fault(
        "the earlier of two earliest wins",
        "loops",
        '_extreme(writer, node, "<=")',
        '_extreme(writer, node, "<")',
    ),
    Fault("null is the latest of all", "loops", "code.both([code.is_given(key), wins])", "wins"),
    Fault(
        "`all` stops at the first that holds",
        "loops",
        "_quantified(writer, node, deciding=False)",
        "_quantified(writer, node, deciding=True)",
    ),
    Fault(
        "`exists` begins as true",
        "loops",
        "code.assign(result, code.truth(not deciding))",
        "code.assign(result, code.truth(deciding))",
    ),
    Fault(
        "`count` begins with one",
        "loops",
        "code.assign(result, writer.module.number(0))",
        "code.assign(result, writer.module.number(1))",
    ),
    Fault(
        "a loop stops before an error",
        "loops",
        "is_own = source.uses == 1 and (not stops or _cannot_break(source))",
        "is_own = source.uses == 1",
    ),
    Fault(
        "the order of an index is that of the list",
        "loops",
        "node.join is not None and not (in_order and node.is_loose)",
        "node.join is not None",
    ),
    # ----- indexes
    Fault(
        "one of two demands is enough for an index",
        "joins",
        'if body.op == "and":',
        'if body.op in {"and", "or"}:',
    ),
    Fault(
        "an index leaves members out whose field is not there",
        "indexes",
        "others = [member for member, keys in keyed if _NOT_THERE in keys]",
        "others = []",
    ),
    Fault(
        "an index gives members whose field is not there to new keys only",
        "indexes",
        "if text in keys or _NOT_THERE in keys]",
        "if text in keys]",
    ),
    Fault(
        "a calendar leaves out its last instant",
        "indexes",
        "bisect_right(instants",
        "bisect_left(instants",
    ),
    Fault(
        "a calendar leaves out its first instant",
        "indexes",
        "first = bisect_left(instants",
        "first = bisect_right(instants",
    ),
    # ----- functions
    Fault(
        "sums may leave 64 bits",
        "runtime",
        "                if not INT_MIN <= total <= INT_MAX:",
        "                if False:",
    ),
    Fault(
        "sums are of binary fractions",
        "leaf_functions",
        "return nearest_double(_total(numbers))",
        "return float(sum(numbers))",
    ),
    Fault(
        "`sortBy` turns equal members around",
        "leaf_functions",
        "sorted(range(len(members)), key=",
        "sorted(reversed(range(len(members))), key=",
    ),
    Fault(
        "what was recorded late counts",
        "runtime",
        "            if recorded > deadline(at):\n                raise Leave",
        "            if recorded > deadline(at):\n                return True",
    ),
    Fault(
        "five working days are two weeks",
        "runtime",
        "dt.timedelta(days=days - 1)",
        "dt.timedelta(days=days + 9)",
    ),
    Fault(
        "hours are counted back",
        "runtime",
        'length if name == "plus" else -length',
        '-length if name == "plus" else length',
    ),
    Fault(
        "working days are counted back",
        "runtime",
        'self._calendar.add if name == "plus"',
        'self._calendar.add if name != "plus"',
    ),
    Fault(
        "a day ends as it begins",
        "runtime",
        "Edges(self._calendar.day_end)",
        "Edges(self._calendar.day_start)",
    ),
    Fault(
        "true is a number",
        "leaf_functions",
        "return value.__class__ is int or value.__class__ is float",
        "return isinstance(value, int | float)",
    ),
    Fault(
        "a day equals itself",
        "leaf_functions",
        "if left is right and _equals_itself(left):",
        "if left is right:",
    ),
    Fault(
        "an index counts from the end",
        "leaf_functions",
        "if 0 <= place < len(members):",
        "if place < len(members):",
    ),
    Fault(
        "one window is missing",
        "leaf_functions",
        "range(len(members) - length + 1)",
        "range(len(members) - length)",
    ),
    Fault(
        "what never happened happened",
        "leaf_functions",
        "        if moment is None:\n            return False\n        if moment.__class__ is not dt.datetime:\n            raise Leave\n        return compare",
        "        if moment is None:\n            return True\n        if moment.__class__ is not dt.datetime:\n            raise Leave\n        return compare",
    ),
    Fault(
        "what is shared is kept for the next snapshot",
        "compiled",
        "runtime = Runtime(facts.calendar, evaluator, LONGEST)",
        'runtime = self.__dict__.setdefault("kept", Runtime(facts.calendar, evaluator, LONGEST))',
    ),
    Fault(
        "operations that differ in a name are one",
        "node",
        "key = (op, data, level,",
        "key = (op, level,",
    ),
    Fault(
        "groups are of unequal keys",
        "leaf_functions",
        "groups.setdefault(key, []).append(member)",
        "groups.setdefault('', []).append(member)",
    ),
    # ----- vacuous truths
    Fault(
        "no truth rests on nothing",
        "hollow",
        "    if not may_be_hollow(node, truth=truth):\n        return code.truth(value=False)\n    match",
        "    if node is not None:\n        return code.truth(value=False)\n    match",
    ),
    Fault(
        "every list had elements",
        "hollow",
        '    match node.op:\n        case "filter" | "map" | "bucket" | "index":\n            return _grounded',
        '    if node is not None:\n        return code.truth(value=True)\n    match node.op:\n        case "filter" | "map" | "bucket" | "index":\n            return _grounded',
    ),
    Fault(
        "a filtered list has its own elements",
        "hollow",
        '        case "filter" | "map" | "bucket" | "index":\n            return _grounded(emitter, node.args[0])',
        '        case "filter" | "map" | "bucket" | "index":\n            return _is_filled(emitter, node)',
    ),
    Fault(
        "an `or` rests on nothing if any operand does",
        "hollow",
        'decided = truth is (node.op == "or")',
        "decided = False",
    ),
    Fault(
        "of an `or` the first operand decides alone",
        "hollow",
        "code.when(code.name(result), following.statements)",
        "code.when(code.negated(code.name(result)), following.statements)",
    ),
    # ----- policies
    Fault(
        "`not_applicable` stands for `inconclusive`",
        "policy_code",
        "Empty.INCONCLUSIVE: Outcome.INCONCLUSIVE",
        "Empty.INCONCLUSIVE: Outcome.NOT_APPLICABLE",
    ),
    Fault(
        "a clause that is silent about nothing passes",
        "policy_code",
        "clause.empty or Empty.INCONCLUSIVE",
        "clause.empty or Empty.NOT_APPLICABLE",
    ),
    Fault(
        "what is inconclusive outranks what fails",
        "policy_code",
        "(Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS",
        "(Outcome.INCONCLUSIVE, Outcome.FAIL, Outcome.PASS",
    ),
    Fault(
        "the last of several clauses counts",
        "policy_code",
        'code.compare(code.name(rank), ("<", code.name(first)))',
        'code.compare(code.name(rank), ("!=", code.name(first)))',
    ),
    Fault(
        "it is due an instant later",
        "policy_code",
        'code.compare(as_of, ("<", until))',
        'code.compare(as_of, ("<=", until))',
    ),
    Fault(
        "`when` is turned around",
        "policy_code",
        "self._emitter.where(condition, holds=True, then=then)",
        "self._emitter.where(condition, holds=False, then=then)",
    ),
    Fault(
        "only the first clause counts",
        "policy_code",
        "for clause in self._policy.clauses:\n            emitter.where",
        "for clause in self._policy.clauses[:1]:\n            emitter.where",
    ),
    Fault(
        "the user's period has no begin",
        "plan",
        "facts.limits[0] <= at <= facts.limits[1]",
        "at <= facts.limits[1]",
    ),
    Fault(
        "the user's period has no end",
        "plan",
        "facts.limits[0] <= at <= facts.limits[1]",
        "facts.limits[0] <= at",
    ),
    Fault(
        "a policy has always been in force",
        "plan",
        "if earliest is not None and moment < earliest:",
        "if False:",
    ),
    Fault(
        "a policy is in force for ever",
        "plan",
        "if latest is not None and moment > latest:",
        "if False:",
    ),
    Fault(
        "the subject's own name is not looked at",
        "plan",
        "    if policy.key is not None:\n        return inside.lower(policy.key)\n",
        "",
    ),
    Fault(
        "lists that were cut short are read",
        "plan",
        " and not self._reads_open(policy, truncated)",
        "",
    ),
    Fault("the budget is not looked at", "plan", "policy in within and ", ""),
    # ----- answers
    Fault(
        "a subject that broke passes",
        "policy_code",
        "handler: code.Block = [code.append(method, code.truth(None))]",
        'handler: code.Block = [code.append(method, code.tuple_of([code.name(key), module.text("pass"), code.truth(None)]))]',
    ),
    Fault(
        "a fact that the source never has is not looked at",
        "lowering_calls",
        'return lowering.nodes.make("known", lowering.node(args[0]))',
        "return lowering.constant(False)",
    ),
)
