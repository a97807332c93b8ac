package offerql

import (
	"math"
	"strconv"
	"strings"
)

// readDriver reads 535, 535.86 or 535.86.05 as the number the server keeps
// (driver_vers, three digits a part); missing parts are zero.
func (p *parser) readDriver(t *term, it item) (value, *Error) {
	bad := &Error{Col: it.col, Len: it.len, Kind: BadNumber, Text: "a driver version has up to three parts, e.g. 535.86.05"}
	text := strings.TrimSpace(it.text)
	if len(text) > 6 && len(text) <= 9 && strings.IndexByte(text, '.') < 0 {
		if n, ok := readNumber(text); ok {
			return value{num: n, parts: 3}, nil
		}
	}
	n, parts := 0., uint8(0)
	for rest, more := text, true; more; parts++ {
		var part string
		part, rest, more = strings.Cut(rest, ".")
		v, ok := readNumber(part)
		if len(part) > 3 || !ok || parts == 3 || v != math.Trunc(v) || v < 0 {
			return value{}, p.atEnd(it, part == "" && !more && parts > 0, bad)
		}
		n = n*1000 + v
	}
	v := value{num: n * math.Pow(1000, float64(3-parts)), parts: parts}
	if parts < 3 && (t.op == opIn || t.op == opNotIn) {
		bad.Kind, bad.Text = BadValue, "in a list a driver version needs all three parts; for all of a series write driver_version="+text
		return value{}, bad
	}
	return v, nil
}

func printDriver(v value) string {
	n := int64(v.num)
	a, b, c := strconv.FormatInt(n/1e6, 10), strconv.FormatInt(n/1000%1000, 10), strconv.FormatInt(n%1000, 10)
	switch v.parts {
	case 1:
		return a
	case 2:
		return a + "." + b
	}
	if len(c) < 2 {
		c = "0" + c
	}
	return a + "." + b + "." + c
}
