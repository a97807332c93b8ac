package logview

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// common are letters in the order in which logs are full of them; others are rarer.
const common = " 0e1ta2oin.s3r4h5l:6d7c8u9m-fpg/wybv=_kxjqz"

// needle is a text to look for. The rarest of its letters is looked for first.
type needle struct {
	text string
	fold bool // capitals do not count
	off  int  // where in text the letter stands that is looked for first
	a, b byte // that letter's first byte, small and capital
	slow bool // it has more forms than two
}

func newNeedle(text string, fold bool) needle {
	n := needle{text: text, fold: fold}
	if text == "" || !fold {
		return n
	}
	rarest := -1
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			continue
		}
		rank := strings.IndexByte(common, lower(text[i]))
		if rank < 0 {
			rank = len(common)
		}
		if rank > rarest {
			rarest, n.off = rank, i
			n.a, n.b = lower(text[i]), upper(text[i])
		}
	}
	if rarest < 0 {
		n.anchorLetter()
	}
	return n
}

// anchorLetter looks for the first letter when there is none of ASCII.
func (n *needle) anchorLetter() {
	first, _ := utf8.DecodeRuneInString(n.text)
	n.a = n.text[0]
	n.b = n.a
	for r := unicode.SimpleFold(first); r != first; r = unicode.SimpleFold(r) {
		switch b := string(r)[0]; {
		case b == n.a || b == n.b:
		case n.a == n.b:
			n.b = b
		default:
			n.slow = true
		}
	}
}

// in returns the first place in s that holds the text, in bytes, or -1. What is found is as long as the text.
func (n *needle) in(s string) int {
	size := len(n.text)
	switch {
	case size == 0 || len(s) < size:
		return -1
	case !n.fold:
		return strings.Index(s, n.text)
	}
	for base := 0; len(s)-base >= size; base++ {
		if !n.slow {
			i := nearest(s[base+n.off:len(s)-size+n.off+1], n.a, n.b)
			if i < 0 {
				return -1
			}
			base += i
		}
		if strings.EqualFold(s[base:base+size], n.text) {
			return base
		}
	}
	return -1
}

// cost is how long looking through a line takes, about in bytes of a plain search.
func (n *needle) cost(s string) int {
	if n.slow {
		return 16 * len(s)
	}
	return len(s)
}

// nearest returns the first place of either letter, or -1.
func nearest(s string, a, b byte) int {
	i := strings.IndexByte(s, a)
	if a == b || i == 0 {
		return i
	}
	if i > 0 {
		s = s[:i]
	}
	if j := strings.IndexByte(s, b); j >= 0 {
		return j
	}
	return i
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - ('a' - 'A')
	}
	return c
}
