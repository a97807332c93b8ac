package vastapi

import (
	"math"
	"strings"
)

// form is what the values of a field look like.
type form struct {
	words string             // "a number"
	kinds string             // what such values begin with: see kind
	reads func(v value) bool // whether the decoder makes sense of a value of another kind; nil = of none
	whole func(v value) bool // whether it makes sense of one of an expected kind; nil = of all
}

// The forms of fields.
var (
	aNumber = form{words: "a number", kinds: "n", reads: func(v value) bool { return v.kind == kindString && (len(v.raw) == 0 || !math.IsNaN(v.num())) }}
	// someNumber is documented, or was seen, as text too.
	someNumber = form{words: "a number", kinds: `n"`, whole: func(v value) bool { return v.kind == kindNumber || len(v.raw) == 0 || !math.IsNaN(v.num()) }}
	aText      = form{words: "a text", kinds: `"`, reads: func(v value) bool { return v.kind == kindNumber || v.kind == kindTrue || v.kind == kindFalse }}
	aTruth     = form{words: "true or false", kinds: "tfn", reads: func(v value) bool { return v.flag() != FlagUnknown }}
	aTime      = form{words: "a number", kinds: "n", reads: func(v value) bool { return !v.moment().IsZero() }}
	anObject   = form{words: "an object", kinds: "{"}
	someIDs    = form{words: "a list", kinds: "[", whole: func(v value) bool { return len(ids[int64](v)) == v.length() }}
	somePairs  = form{words: "a list", kinds: "[{", whole: func(v value) bool { return len(newSorter().environment(v)) == v.length() }}
	somePorts  = form{words: "an object", kinds: "{", whole: func(v value) bool { return v.length() == 0 || len(portMaps(v)) > 0 }}
	someRights = form{words: "an object or a text", kinds: `{"`, whole: func(v value) bool { return readGrant(v).told || v.length() == 0 }}
	aPage      = form{words: "a text", kinds: `"`}
)

// expects reports whether a value is of a kind that the field is known to have.
func (f form) expects(v value) bool {
	return strings.IndexByte(f.kinds, byte(v.kind)) >= 0 && (f.whole == nil || f.whole(v))
}

// readable reports whether the decoder makes sense of a value that is not expected.
func (f form) readable(v value) bool { return f.reads != nil && f.reads(v) }

// wordsOf is the form of a value in words.
func wordsOf(v value) string {
	switch v.kind {
	case kindNumber:
		return "a number"
	case kindString:
		return "a text"
	case kindTrue, kindFalse:
		return "true or false"
	case kindObject:
		return "an object"
	case kindArray:
		return "a list"
	}
	return "null"
}

// length is the number of entries of a list or an object, of characters of a text.
func (v value) length() int {
	n := 0
	s := scanner{b: v.raw}
	switch v.kind {
	case kindString:
		return len(v.raw)
	case kindObject:
		_ = s.object(func([]byte) error { n++; return s.skip() })
	case kindArray:
		_ = s.array(func() error { n++; return s.skip() })
	}
	return n
}
