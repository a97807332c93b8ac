package safetext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxScan bounds the bytes of one value that are ever looked at, so that a
	// megabyte of droppable code points costs no more than a short line.
	maxScan = 64 << 10
	// maxMarks is how many combining marks a base may carry. Two suffice for
	// every living script; floods of them draw over the neighbouring rows.
	maxMarks = 2

	ellipsis = '…'
	dropped  = rune(-1)
)

// Clean returns s as one inert line of at most n runes, the ellipsis of a cut
// line included; the package comment lists the rules. It is idempotent, returns
// s itself without allocating when s is inert already, and returns "" for n < 1.
func Clean(s string, n int) string {
	if n < 1 {
		return ""
	}
	if len(s) <= n && isPlain(s) {
		return s
	}
	c := cleaner{src: s, limit: n}
	return c.run()
}

// isPlain reports whether s is printable ASCII only.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// cleaner walks one string. While nothing had to change it only remembers how
// far it got; the first difference copies what was kept into out.
type cleaner struct {
	src   string
	limit int

	out     strings.Builder
	copying bool
	runes   int // runes produced so far
	marks   int // combining marks on the present base
	keep    int // bytes produced before the limit-th rune: where a cut line ends
}

func (c *cleaner) run() string {
	end := scanEnd(c.src)
	for i := 0; i < end; {
		r, size := utf8.DecodeRuneInString(c.src[i:])
		to := inert(r, size)
		if c.skips(to) {
			to = dropped
		}
		if to != dropped && c.runes == c.limit {
			return c.cut(i)
		}
		c.put(i, r, to, size)
		i += size
	}
	if end < len(c.src) {
		return c.cutAtEnd(end)
	}
	return c.result(end)
}

// scanEnd returns where the scan of s stops: its length, or a rune boundary
// near maxScan so that no half rune becomes U+FFFD.
func scanEnd(s string) int {
	if len(s) <= maxScan {
		return len(s)
	}
	end := maxScan
	for end > maxScan-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return end
}

// skips reports whether the mark to is one too many, and counts marks.
func (c *cleaner) skips(to rune) bool {
	if to == dropped {
		return false
	}
	if to < 0x300 || !unicode.Is(unicode.M, to) {
		c.marks = 0
		return false
	}
	if c.runes == 0 || c.marks == maxMarks {
		return true
	}
	c.marks++
	return false
}

// put appends to, which stands for the rune r found at byte i of the source.
func (c *cleaner) put(i int, r, to rune, size int) {
	if !c.copying && (to != r || (r == utf8.RuneError && size == 1)) {
		c.copying = true
		c.out.Grow(min(len(c.src), 4*c.limit) + utf8.UTFMax)
		c.out.WriteString(c.src[:i])
	}
	if to == dropped {
		return
	}
	if c.runes == c.limit-1 {
		c.keep = c.length(i)
	}
	if c.copying {
		c.out.WriteRune(to)
	}
	c.runes++
}

func (c *cleaner) length(i int) int {
	if c.copying {
		return c.out.Len()
	}
	return i
}

// cut ends the line with an ellipsis in place of its last rune.
func (c *cleaner) cut(i int) string {
	return c.result(i)[:c.keep] + string(ellipsis)
}

// cutAtEnd marks a line of which only the first maxScan bytes were looked at.
func (c *cleaner) cutAtEnd(end int) string {
	if c.runes == c.limit {
		return c.cut(end)
	}
	return c.result(end) + string(ellipsis)
}

func (c *cleaner) result(i int) string {
	if c.copying {
		return c.out.String()
	}
	return c.src[:i]
}
