"""What goes wrong on the wire, and how its trial ends: rows of (name, rule, end).

A rule is what stands in a simulator's `faults` beside `when`; an end is the outcome and, where it has
one, its reason. Several ends mean that the fault races with the kernel, and each is right.
"""

HIT, CUT = 'hit', 'cut_output'
LOST, INCOMPLETE, TIMEOUT, SERVER = ('in_doubt lost', 'in_doubt incomplete', 'in_doubt timeout',
                                     'in_doubt server')
VIOLATION = 'endpoint_violation'
UNREACHABLE, RATE, AUTH, BODY_CAP = ('failed unreachable', 'failed rate', 'failed auth',
                                     'failed body_cap')

# Among all others stand rows without a fault: the run goes on.
GOOD = (None, HIT)


def endless():
    """E1, E2: content, or one line, that never ends."""
    for what in 'content', 'line':
        for place in 'event@0', 'event@1', 'event@2', 'event@3':
            yield f'{what}-{place}', f'at: {place}, do: {{forever: {what}}}', VIOLATION
    yield 'line-end', 'at: end, do: {forever: line}', HIT  # all was said: it is left soon
    for lines in 'crlf', 'cr':
        yield f'lines-{lines}', f'as: {{lines: {lines}}}', HIT
    for lines in 'lf', 'crlf', 'cr':
        yield f'split-{lines}', f'as: {{lines: {lines}}}, at: byte@150, do: {{split: [1, 5]}}', HIT


def silence():
    """E3: everything but content, for ever or for long."""
    for what in 'ping', 'comment', 'blank':
        for place in 'event@0', 'event@2', 'end':
            # All was said at the end: what else comes is the endpoint's own matter.
            yield f'{what}-{place}', f'at: {place}, do: {{forever: {what}}}', [TIMEOUT, HIT] if place == 'end' else TIMEOUT
    for place in 'after_body', 'byte@9', 'byte@60', 'event@0', 'event@2', 'string@2', 'end':
        yield f'stall-{place}', f'at: {place}, do: stall', [TIMEOUT, HIT] if place == 'end' else TIMEOUT
    for place in 'byte@0', 'byte@300':
        yield f'drip-{place}', f'at: {place}, do: {{drip: 1}}', TIMEOUT


def uploads():
    """E4: bodies that are taken slowly, or never. What is left may fit into the kernel's own room."""
    for place in 'head', 'body@1', 'body@1%', 'body@50%', 'body@99%':
        for act in 'window0', 'stall', '{read_rate: 1}':
            unknown = [TIMEOUT, HIT] if '50' in place or '99' in place else []
            yield f'{act}-{place}', f'at: {place}, do: {act}', [UNREACHABLE, *unknown]
    yield 'read-rate-1k', 'do: {read_rate: 1k}', UNREACHABLE
    for act in 'window0', 'stall':
        yield f'{act}-body@100%', f'at: body@100%, do: {act}', TIMEOUT
    for act in 'close', 'reset':
        for place in 'head', 'body@1%', 'body@50%', 'body@99%':
            unknown = [LOST] if '50' in place or '99' in place else []
            yield f'{act}-{place}', f'at: {place}, do: {act}', [UNREACHABLE, *unknown]
        # E18: a connection that ends without a word, the body whole.
        yield f'{act}-after', f'do: {act}', LOST


def early():
    """E5: an answer before the body is whole, and then the end of the connection."""
    yield 'no-continue', 'do: no_continue', HIT
    ends = {413: BODY_CAP, 429: RATE, 503: RATE, 500: 'failed server', 400: 'rejected_other'}
    for status, end in ends.items():
        for place in 'head', 'body@50%':
            for then in 'fin', 'reset', 'deaf':
                # A reset may overtake the answer; and half a body fits into the kernel's own room.
                ends = [end] + [UNREACHABLE] * (then == 'reset') + [SERVER] * (status == 500)
                yield (f'{status}-{place}-{then}',
                       f'at: {place}, do: {{status: {status}, then: {then}}}', ends)


def headers():
    """E6, E7, E9: floods, codings nobody asked for, redirects."""
    yield 'interim-1', 'as: {interim: 1}', HIT
    yield 'interim-100', 'as: {interim: 100}', HIT
    yield 'interim-100k', 'as: {interim: 100k}', VIOLATION
    yield 'lines-90', 'as: {header_lines: 90, header_bytes: 100}', HIT
    yield 'lines-100k', 'as: {header_lines: 100k, header_bytes: 10}', VIOLATION
    yield 'lines-1000', 'as: {header_lines: 1000, header_bytes: 100}', VIOLATION
    yield 'line-50k', 'as: {header_bytes: 50k}', HIT
    yield 'line-100k', 'as: {header_bytes: 100k}', VIOLATION
    yield 'line-1M', 'as: {header_bytes: 1M}', VIOLATION
    for coding in 'gzip', 'br', 'zstd', 'deflate', 'gzip, gzip', 'gzip, br', 'compress', 'x-none':
        name = coding.replace(', ', '-')
        yield name, f'as: {{encoding: "{coding}"}}', VIOLATION
        yield f'{name}-length', f'as: {{encoding: "{coding}", framing: length}}', VIOLATION
    yield 'identity', 'as: {encoding: identity}', HIT
    yield 'page', 'as: {type: text/html}', VIOLATION
    for status in 301, 302, 303, 307, 308:
        for name, to in (('port', '$SECOND/v1/chat/completions'), ('file', 'file:///etc/passwd'),
                         ('loop', '/v1/chat/completions'), ('host', 'http://127.0.0.2:$PORT/'),
                         ('none', None)):
            to = '' if to is None else f', location: "{to}"'
            yield f'{status}-{name}', f'do: {{status: {status}{to}}}', VIOLATION


def lengths():
    """E12: framing that contradicts itself. Never is what was cut taken for the whole."""
    chunks = {'negative': VIOLATION, 'overflow': VIOLATION, 'junk': VIOLATION, 'empty': VIOLATION,
              'short': VIOLATION, 'long': VIOLATION, 'no_crlf': [VIOLATION, LOST], 'joined': VIOLATION,
              'lf': HIT, 'extension': HIT, 'extra': HIT, 'no_last': HIT, 'trailer': HIT}
    for name, end in chunks.items():
        yield f'chunk-{name}', f'as: {{chunk: {name}}}', end
    sizes = {'negative': VIOLATION, 'overflow': HIT, 'huge': HIT, 'junk': INCOMPLETE,
             'zero': INCOMPLETE, 'short': HIT, 'long': HIT, 'same': HIT, 'differs': HIT,
             'differs_less': INCOMPLETE, 'and_chunks': HIT, 'short_and_chunks': HIT}
    for name, end in sizes.items():
        yield f'length-{name}', f'as: {{length: {name}}}', end
    for nth in 'lf', 'crlf':
        yield f'strange-{nth}', f'as: {{lines: {nth}, swap: ["data:", "1f\\ndata:"]}}', HIT
    yield 'garbage', 'do: garbage', VIOLATION
    yield 'raw-empty-head', 'do: {raw: "HTTP/1.1 200 OK\\r\\n\\r\\n"}', INCOMPLETE
    yield 'raw-half-head', 'do: {raw: "HTTP/1.1 200 OK\\r\\nContent-Ty"}', LOST
    yield 'raw-no-http', 'do: {raw: "SSH-2.0-OpenSSH_9.2p1\\r\\n"}', VIOLATION
    yield 'raw-http-9', 'do: {raw: "HTTP/9.9 200 OK\\r\\n\\r\\n"}', [VIOLATION, INCOMPLETE, LOST]


def cuts():
    """Streams cut where it hurts: inside a code point, a string, a line end; and behind it all."""
    for act, end in ('close', LOST), ('reset', LOST), ('stall', TIMEOUT):
        for framing in 'chunks', 'length', 'close':
            shape = f'as: {{framing: {framing}}}'
            clean = INCOMPLETE if (act, framing) == ('close', 'close') else end
            for place in 'char@1', 'char@2':
                yield (f'{act}-{framing}-{place}',
                       f'{shape}, at: {place}, do: {{rename: modèle, act: {act}}}', clean)
            for place in 'string@0', 'string@1', 'string@2', 'event@1', 'event@2':
                yield f'{act}-{framing}-{place}', f'{shape}, at: {place}, do: {act}', clean
            yield (f'{act}-{framing}-crlf@1',
                   f'as: {{framing: {framing}, lines: crlf}}, at: crlf@1, do: {act}', clean)
            yield f'{act}-{framing}-after', f'{shape}, do: {act}', HIT
    yield 'drop-terminator', 'do: drop_terminator', HIT
    yield 'twice', 'do: twice', HIT
    yield 'error-event', 'at: event@2, do: error_event', SERVER
    yield 'error-at-end', 'do: error_event', SERVER


def splits():
    """However a whole stream is sliced, it is the same stream."""
    for framing in 'chunks', 'length', 'close':
        for at in range(0, 1600, 23):
            yield f'{framing}-{at}', f'as: {{framing: {framing}}}, at: byte@{at}, do: {{split: [9M]}}', HIT
    for place in 'char@1', 'char@3', 'string@1', 'string@3':
        yield f'inside-{place}', f'at: {place}, do: {{rename: modèle, split: [1, 9M]}}', HIT
    for nth in 1, 2, 3, 4:
        yield f'crlf-{nth}', f'as: {{lines: crlf}}, at: crlf@{nth}, do: {{split: [1, 9M]}}', HIT


def lies():
    """E14, E15: numbers and names that are not true. They are kept as they were claimed."""
    for name, number in ('0', '0'), ('1', '1'), ('1000000', '1000000'), ('huge', '1000000000000000000'):
        yield f'in-{name}', f'do: {{lie: {{in: {number}}}}}', 'truncated_input' if name in '01' else HIT
        yield f'out-{name}', f'do: {{lie: {{out: {number}}}}}', HIT
        yield f'cached-{name}', f'do: {{lie: {{cached: {number}}}}}', HIT
    for name, text in (('negative', '-7'), ('fraction', '1.5'), ('exponent', '1e400'), ('text', '"9"'),
                       ('null', 'null'), ('list', '[]'), ('past-int64', '9223372036854775808')):
        yield (f'in-{name}', 'as: {swap: [\'"prompt_tokens":\', \'"prompt_tokens":%s,"was":\']}' % text, HIT)
    yield 'absent', 'as: {swap: [\'"usage":\', \'"used":\']}', HIT
    yield 'doubled', 'as: {swap: [\'"prompt_tokens":\', \'"prompt_tokens":3,"prompt_tokens":\']}', HIT
    for name in 'other', '""', '"\\u0007\\u001b[31m"', f'"{"x" * 900}"':
        yield f'model-{len(name)}', f'do: {{rename: {name}}}', HIT
    yield 'model-none', 'as: {swap: [\'"model":\', \'"modell":\']}', HIT


class Table:
    """Rows and how they are run. `length` is in tokens of four bytes; `deadline` is a plan's."""

    def __init__(self, rows, *, length='1k', concurrency=1, deadline='first: 20s, progress: 20s'):
        self.rows, self.length, self.concurrency, self.deadline = rows, length, concurrency, deadline


IMPATIENT = 'first: 3s, first_per_1k: 0s, progress: 3s, stall: 3s'
TABLES = {
    'endless': Table(endless, concurrency=3),
    'silence': Table(silence, concurrency=12, deadline=IMPATIENT),
    'uploads': Table(uploads, length='2M', concurrency=5,
                     deadline='first: 3s, first_per_1k: 0s, stall: 2s'),
    'early': Table(early, length='400k', concurrency=2),
    'headers': Table(headers),
    'lengths': Table(lengths),
    'cuts': Table(cuts, concurrency=12, deadline=IMPATIENT),
    'splits': Table(splits, concurrency=8),
    'lies': Table(lies),
}
