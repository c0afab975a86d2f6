"""The pages of a store's file, and ways to make them lead to one another.

https://sqlite.org/fileformat2.html has what stands on a page. Pages are numbered from 1.
"""

import struct

(INDEX_INTERIOR, TABLE_INTERIOR, INDEX_LEAF, TABLE_LEAF) = (2, 5, 10, 13)


class Pages:
    """A store's file, page by page; they are numbered from 1."""

    def __init__(self, data):
        self.size = int.from_bytes(data[16:18], "big") or 65536
        self.pages = [bytearray(data[start : start + self.size]) for start in range(0, len(data), self.size)]

    def __getitem__(self, number):
        return self.pages[number - 1]

    def put(self, number, page):
        """Overwrites a page; the first one keeps the file's header."""
        if number > 1:
            self.pages[number - 1] = page
            return
        start = 12 if page[0] in (INDEX_INTERIOR, TABLE_INTERIOR) else 8
        count = int.from_bytes(page[3:5], "big")
        self.pages[0][100:] = bytes(self.size - 100)
        self.pages[0][100 : 100 + start + 2 * count] = page[: start + 2 * count]
        end = max(100 + start + 2 * count, min(offsets(page), default=self.size))
        self.pages[0][end:] = page[end:]

    def add(self, page):
        self.pages.append(page)
        return len(self.pages)

    def moved(self, number):
        """A page's content where it has no file header before it."""
        page = bytearray(self[number])
        if number == 1:
            start = 12 if page[100] in (INDEX_INTERIOR, TABLE_INTERIOR) else 8
            count = int.from_bytes(page[103:105], "big")
            head = page[100 : 100 + start + 2 * count]
            page[:100 + len(head)] = bytes(100 + len(head))
            page[: len(head)] = head
        return page

    def leaf(self, number):
        """The number and kind of the first leaf below a page."""
        while True:
            page = self.moved(number)
            if page[0] in (INDEX_LEAF, TABLE_LEAF):
                return number, page
            number = int.from_bytes(page[offsets(page)[0] :][:4], "big") if offsets(page) else right(page)

    def bytes(self):
        self.pages[0][28:32] = struct.pack(">I", len(self.pages))
        # The count of pages is believed where these agree.
        self.pages[0][92:96] = self.pages[0][24:28]
        return b"".join(self.pages)


def offsets(page):
    start = 12 if page[0] in (INDEX_INTERIOR, TABLE_INTERIOR) else 8
    count = int.from_bytes(page[3:5], "big")
    return [int.from_bytes(page[start + 2 * at :][:2], "big") for at in range(count)]


def right(page):
    return int.from_bytes(page[8:12], "big")


def varint(number):
    parts = [number & 0x7F]
    while number := number >> 7:
        parts.append(number & 0x7F | 0x80)
    return bytes(reversed(parts))


def page_of(size, kind, cells, last=None):
    """A page with these cells; `last` is the rightmost page below it."""
    page = bytearray(size)
    page[0] = kind
    start, end = (8 if last is None else 12), size
    for at, cell in enumerate(cells):
        end -= len(cell)
        page[end : end + len(cell)] = cell
        page[start + 2 * at : start + 2 * at + 2] = struct.pack(">H", end)
    page[3:5] = struct.pack(">H", len(cells))
    page[5:7] = struct.pack(">H", end & 0xFFFF)
    if last is not None:
        page[8:12] = struct.pack(">I", last)
    return page


def interior(pages, kind, children):
    """A page of references; of an index, each with an entry."""
    is_table = kind == TABLE_LEAF
    entry = b"\x03\x02\x08\x08"
    cells = [struct.pack(">I", child) + (varint(at + 1) if is_table else entry) for at, child in enumerate(children[:-1])]
    return page_of(pages.size, TABLE_INTERIOR if is_table else INDEX_INTERIOR, cells, children[-1])


def ladder(pages, root, is_mixed):
    leaf, content = pages.leaf(root)
    if leaf == root or root == 1:
        leaf = pages.add(schema_leaf(pages) if root == 1 else content)
    # The schema is read in any case: what it says comes first, and something that may be said again later.
    first = [pages.add(pages.moved(1))] if root == 1 else []
    below = leaf
    for _ in range(11):
        below = pages.add(interior(pages, content[0], ([leaf] if is_mixed else []) + [below] * 60))
    pages.put(root, interior(pages, content[0], first + ([leaf] if is_mixed else []) + [below] * 60))


def schema_leaf(pages):
    """A leaf of sqlite_schema with the one kind of row that SQLite takes any number of times."""
    name = b"sqlite_autoindex_commit_log_1"
    root = pages.roots[name.decode()]
    values = [b"index", name, b"commit_log"]
    header = b"".join(varint(13 + 2 * len(value)) for value in values) + b"\x02\x00"
    record = bytes([len(header) + 1]) + header + b"".join(values) + struct.pack(">H", root)
    return page_of(pages.size, TABLE_LEAF, [varint(len(record)) + varint(900) + record])


def ring(pages, root):
    leaf, content = pages.leaf(root)
    if leaf == root:
        leaf = pages.add(content)
    if root == 1:
        leaf = pages.add(pages.moved(1))
    pages.put(root, interior(pages, content[0], [leaf] + [root] * 60))


def chain(pages, root, length=120_000):
    kind = pages.leaf(root)[1][0]
    pages.put(root, interior(pages, kind, [len(pages.pages) + 1]))
    for _ in range(length):
        pages.add(interior(pages, kind, [len(pages.pages) + 2]))
    pages.add(page_of(pages.size, kind, []))


def overflow(pages, root):
    leaf, content = pages.leaf(root)
    if content[0] != TABLE_LEAF or not offsets(content):
        return False
    tail = pages.add(bytearray(pages.size))
    pages[tail][:4] = struct.pack(">I", tail)
    leaves = [len(pages.pages) + 1 + at for at in range(60)]
    # A row of one column, a blob, of as many bytes as the file has.
    total = (len(pages.pages) + 60) * pages.size - 100
    least = (pages.size - 12) * 32 // 255 - 23
    local = least + (total - least) % (pages.size - 4)
    local = local if local <= pages.size - 35 else least
    header = varint(12 + 2 * (total - 8))
    payload = bytes([len(header) + 1]) + header
    total = len(payload) + total - 8
    cell = varint(total) + varint(1) + payload.ljust(local, b"x") + struct.pack(">I", tail)
    for _ in leaves:
        page = page_of(pages.size, TABLE_LEAF, [cell])
        count = (pages.size - len(cell) - 8) // 2
        page[3:5] = struct.pack(">H", count)
        page[8 : 8 + 2 * count] = struct.pack(">H", pages.size - len(cell)) * count
        pages.add(page)
    pages.put(root, interior(pages, TABLE_LEAF, leaves))
    return True


def free(pages, root, draw):
    """Lists of free pages that are none: rings, counts beyond the page, pages that are in use."""
    trunk = pages.add(bytearray(pages.size))
    shape = draw.choice(["itself", "count", "used", "trunk"])
    count = {"count": pages.size}.get(shape, 1)
    leaf = {"used": root, "itself": trunk}.get(shape, trunk - 1)
    following = {"itself": trunk, "trunk": root}.get(shape, 0)
    pages[trunk][:12] = struct.pack(">III", following, count, leaf)
    pages[1][32:40] = struct.pack(">II", trunk, draw.choice([2, 7, len(pages.pages) - 1]))
