package offerql

import (
	"regexp"
	"slices"
)

// Query is a parsed query. The zero Query admits every offer. It is not
// changed once it is made, so that copies may be used at the same time.
type Query struct {
	terms   []term
	hidden  []term   // of Excluding: they hold, but are no part of the text
	prog    *program // all of them as Match carries them out; nil = nothing to check
	volumes bool     // made by ParseVolumes
}

// program is what Match runs through.
type program struct {
	checks []check
	spare  lists // of the first check that has any
	text   [1]string
	used   bool
}

// list are the checks of a query.
func (q Query) list() []check {
	if q.prog == nil {
		return nil
	}
	return q.prog.checks
}

// op is how a term compares.
type op uint8

const (
	opAny op = iota // the field does not matter
	opEq
	opNe
	opGt
	opGe
	opLt
	opLe
	opIn
	opNotIn
	opWords // a bare word, or alternatives
	opNotWords
	opLike // a text is like a pattern
	opNotLike
)

var opText = [...]string{opAny: "=", opEq: "=", opNe: "!=", opGt: ">", opGe: ">=", opLt: "<", opLe: "<=", opIn: " in ", opNotIn: " notin ", opLike: "~", opNotLike: "!~"}

// opWire are the operators of the search filter.
var opWire = [...]string{opEq: "eq", opNe: "neq", opGt: "gt", opGe: "gte", opLt: "lt", opLe: "lte", opIn: "in", opNotIn: "notin"}

// term is one condition: a field with values, or words.
type term struct {
	field *Field
	op    op
	span  bool    // vals are the two ends of a range
	vals  []value // one, two for a range, any number for in and notin
	words []word  // bare words, or the pattern that the field is compared with
}

// valueKind is which member of a value counts.
type valueKind uint8

const (
	isNumber valueKind = iota
	isText
	isFlag
	isNull
)

// value is one value of a term.
type value struct {
	kind  valueKind
	exact bool    // memory in MB; a GPU name that the catalogue does not know
	flag  bool    // the flag, or whether a flag was written as a number
	parts uint8   // of a driver version: how many were written
	num   float64 // in the unit of a bare number; of a driver the number on the wire
	text  string
}

// wordClass is what a bare word was found to mean.
type wordClass uint8

const (
	localWord   wordClass = iota // any text of the offer
	gpuWord                      // GPU name
	placeWord                    // country or region
	patternWord                  // any text that is like a regular expression
)

// word is one bare word.
type word struct {
	class wordClass
	text  string         // as typed with spaces for underscores, or a canonical place
	low   string         // text in lower case
	tight bool           // low is written without the spaces of the GPU's name: rtx4090
	re    *regexp.Regexp // of a pattern
	loose bool           // looked for in all texts
	typed string         // a place that is loose, as it was typed
}

// Empty reports whether q has no terms, so that it admits every offer but those
// that Excluding leaves out.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Equal reports whether p and q consist of the same terms in the same order, and
// leave out the same hosts and machines.
func (q Query) Equal(p Query) bool {
	return q.volumes == p.volumes && slices.EqualFunc(q.terms, p.terms, term.equal) && slices.EqualFunc(q.hidden, p.hidden, term.equal)
}

func (t term) equal(u term) bool {
	return t.field == u.field && t.op == u.op && t.span == u.span &&
		slices.Equal(t.vals, u.vals) && slices.EqualFunc(t.words, u.words, word.equal)
}

func (w word) equal(v word) bool { return w.class == v.class && w.text == v.text && w.tight == v.tight }
