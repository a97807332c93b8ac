package offerql

import "strings"

// extent finds the value that begins at p.i and moves behind it. List is set
// when it stood in brackets, which are then outside from and to.
func (p *parser) extent() (list bool, from, to int, err *Error) {
	start := p.i
	switch p.s[start] {
	case '[':
		end := p.closing(start + 1)
		if end < 0 {
			return false, 0, 0, &Error{Col: start, Len: len(p.s) - start, Kind: Unfinished, Text: "the bracket is not closed"}
		}
		p.i = end + 1
		return true, start + 1, end, nil
	case '"', '\'':
		// A list without brackets may begin with quotes: "A","B".
		for i := start; ; {
			n := strings.IndexByte(p.s[i+1:], p.s[i])
			if n < 0 {
				return false, 0, 0, &Error{Col: i, Len: len(p.s) - i, Kind: Unfinished, Text: "the quote is not closed"}
			}
			i += n + 2
			p.i = i
			if i+1 >= len(p.s) || p.s[i] != ',' && p.s[i] != '|' || p.s[i+1] != '"' && p.s[i+1] != '\'' {
				break
			}
			i++
		}
		return false, start, p.i, nil
	}
	p.i = p.run(start)
	from, to = start, p.i
	for from < to && isFrame(p.s[from]) {
		from++
	}
	for to > from && isFrame(p.s[to-1]) {
		to--
	}
	if to < p.i && p.s[p.i-1] == ',' {
		if err := p.looseComma(from); err != nil {
			return false, 0, 0, err
		}
	}
	return false, from, to, nil
}

// looseComma refuses "in 1, 2": the 2 would be read as a word. A comma between
// two comparisons does no harm.
func (p *parser) looseComma(from int) *Error {
	next := p.skip(p.i)
	if next >= len(p.s) {
		return nil
	}
	if end := p.word(next); end > next {
		if _, found := p.operatorAt(end); found {
			return nil
		}
	}
	return &Error{Col: from, Len: p.i - from, Kind: BadValue, Text: "a list with spaces needs brackets: [a, b]"}
}

// closing finds the bracket that closes a list, passing over quotes.
func (p *parser) closing(i int) int {
	for i < len(p.s) {
		switch c := p.s[i]; {
		case c == ']':
			return i
		case (c == '"' || c == '\'') && p.opensItem(i):
			n := strings.IndexByte(p.s[i+1:], c)
			if n < 0 {
				return -1
			}
			i += n + 1
		}
		i++
	}
	return -1
}

// opensItem reports whether a quote at i begins a value of a list, and is not an apostrophe inside one.
func (p *parser) opensItem(i int) bool {
	for i > 0 && p.s[i-1] == ' ' {
		i--
	}
	return i > 0 && (p.s[i-1] == '[' || p.s[i-1] == ',' || p.s[i-1] == '|')
}
