package offerql

import "strings"

// read reads one item as a value of t's field.
func (p *parser) read(t *term, it item) (value, *Error) {
	f := t.field
	if !it.quoted && (it.text == "null" || it.text == "None") {
		if t.op != opEq && t.op != opNe {
			return value{}, &Error{Col: it.col, Len: it.len, Kind: BadValue, Text: "null goes with = and != only"}
		}
		return value{kind: isNull}, nil
	}
	if strings.TrimSpace(it.text) == "" {
		return value{}, &Error{Col: it.col, Len: max(it.len, 1), Kind: BlankValue, Text: "a value for " + f.Name + " is missing"}
	}
	switch f.Kind {
	case Flag:
		return p.readFlag(f, it)
	case GPU:
		return p.readGPU(it)
	case Place:
		return p.readPlace(f, it)
	case Driver:
		return p.readDriver(t, it)
	case Name:
		text := it.text
		if !f.underscore {
			text = strings.ReplaceAll(text, "_", " ")
		}
		if strings.TrimSpace(text) == "" {
			return value{}, &Error{Col: it.col, Len: it.len, Kind: BlankValue, Text: "a value for " + f.Name + " is missing"}
		}
		if f.values != nil && !isOneOf(text, f.values) {
			e := &Error{Col: it.col, Len: it.len, Kind: BadValue, Text: f.Name + " is " + strings.Join(f.values, ", "), Suggest: Nearest(text, f.values)}
			return value{}, p.atEnd(it, hasPrefixOf(lowerASCII(text), f.values...), e)
		}
		return value{kind: isText, text: text}, nil
	}
	return p.readNumber(f, it)
}

// atEnd makes a mistake in the last token of the query an unfinished one when
// more letters may mend it.
func (p *parser) atEnd(it item, may bool, e *Error) *Error {
	if may && !it.quoted && it.col+it.len == len(p.s) {
		e.Kind = Unfinished
	}
	return e
}

func (p *parser) readFlag(f *Field, it item) (value, *Error) {
	low := it.text
	switch {
	case equalFold(low, "true") || low == "yes":
		return value{kind: isFlag, flag: true}, nil
	case equalFold(low, "false") || low == "no":
		return value{kind: isFlag}, nil
	case low == "1":
		return value{kind: isFlag, flag: true, num: 1}, nil
	case low == "0":
		return value{kind: isFlag, num: 1}, nil
	}
	e := &Error{Col: it.col, Len: it.len, Kind: BadValue, Text: f.Name + " is true or false, or any for both"}
	low = strings.ToLower(low)
	return value{}, p.atEnd(it, hasPrefixOf(low, "true", "false", "yes", "no", "any", "all", "null", "none"), e)
}

func hasPrefixOf(s string, words ...string) bool {
	for _, w := range words {
		if strings.HasPrefix(w, s) {
			return true
		}
	}
	return false
}
