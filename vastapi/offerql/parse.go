package offerql

import (
	"slices"
	"strconv"
	"strings"
)

// maxQuery is the longest text that is read as a query. The longest that people
// write have a few hundred bytes; a pasted file is a mistake.
const maxQuery = 4096

// Parse reads a query for offers. The error, if any, is an *Error.
func Parse(s string) (Query, error) { return parse(s, offerTable) }

// ParseVolumes reads a query for volume offers: the fields are those of volumes.
// Its terms on columns that an offer of GPUs lacks match none.
func ParseVolumes(s string) (Query, error) { return parse(s, volumeTable) }

func parse(s string, t *table) (Query, error) {
	p := parser{scanner: scanner{s: s, table: t}}
	if err := p.all(nil); err != nil {
		return Query{}, err
	}
	return p.query(), nil
}

// query is what was read.
func (p *parser) query() Query {
	q := Query{volumes: p.table == volumeTable, terms: p.terms}
	if len(p.terms) == 0 {
		return q
	}
	q.prog = &p.room.prog
	q.prog.checks = p.room.checks[:0]
	for i := range p.terms {
		q.prog.add(&p.terms[i])
	}
	return q
}

// all reads the terms of the whole text. Done, if there is one, is told where
// each of them stood.
func (p *parser) all(done func(from, to int)) *Error {
	if len(p.s) > maxQuery {
		if err := p.tooLong(); err != nil {
			return err
		}
	}
	for {
		p.i = p.skip(p.i)
		if p.end() {
			return nil
		}
		if p.room == nil {
			p.room = new(room)
			p.terms, p.vals = p.room.terms[:0], p.room.vals[:0]
		}
		start := p.i
		t, err := p.term()
		if err == nil {
			err = p.conflict(&t, start)
		}
		if err != nil {
			return err
		}
		p.terms = append(p.terms, t)
		if done != nil {
			done(start, p.i)
		}
	}
}

func (p *parser) tooLong() *Error {
	n := len(strings.TrimRight(p.s, " "))
	if n <= maxQuery {
		return nil
	}
	return &Error{Col: maxQuery, Len: n - maxQuery, Kind: BadText,
		Text: "the query is too long: " + strconv.Itoa(n) + " bytes, and " + strconv.Itoa(maxQuery) + " are read"}
}

// parser reads terms from the left to the right.
type parser struct {
	scanner
	points  bool // memory with a decimal point is exact
	terms   []term
	vals    []value       // of all terms
	choices map[int][]any // by term, of those that were compared
	placing bool          // words are not looked up: it is about where terms stand
	room    *room
}

// room is where a query of common size is kept, so that reading one, which
// happens at every key, takes one piece of memory.
type room struct {
	prog   program
	terms  [6]term
	vals   [6]value
	checks [6]check
}

func (p *parser) field(name string) *Field { return p.table.named[name] }

func (p *parser) term() (term, *Error) {
	switch c := p.s[p.i]; {
	case c == '-', c == '"', c == '\'', c == '~', c == '!' && p.beginsWord(p.i):
		return p.words()
	}
	end := p.word(p.i)
	if end == p.i {
		return term{}, p.strange()
	}
	o, found := p.operatorAt(end)
	if !found {
		return p.words()
	}
	return p.comparison(p.s[p.i:end], o)
}

func (p *parser) strange() *Error {
	end := max(p.run(p.i), p.i+1)
	text := "here a term should begin: a field such as num_gpus>=2, or a word"
	if strings.ContainsRune("([{&|)]}", rune(p.s[p.i])) {
		text = "there are no brackets or signs between terms; all terms must hold, and a|b is either word"
	}
	return &Error{Col: p.i, Len: end - p.i, Kind: BadText, Text: text}
}

func (p *parser) comparison(name string, o operator) (term, *Error) {
	f := p.field(name)
	if f == nil {
		return term{}, p.unknownField(name)
	}
	start := p.i
	p.i = o.end
	if o.text != "" {
		return term{}, p.badOperator(o)
	}
	t := term{field: f, op: o.op}
	if o.op == opLike || o.op == opNotLike {
		err := p.likeness(&t, o)
		return t, err
	}
	if !f.ordered() && o.op >= opGt && o.op <= opLe {
		return term{}, &Error{Col: o.start, Len: o.end - o.start, Kind: BadOperator,
			Text: f.Name + " has no order: it takes " + strings.Join(f.Ops, " "), Suggest: "="}
	}
	p.i = p.skip(p.i)
	if p.end() {
		return term{}, &Error{Col: start, Len: o.end - start, Kind: Unfinished, Text: "a value for " + f.Name + " is missing"}
	}
	err := p.value(&t)
	return t, err
}

func (p *parser) unknownField(name string) *Error {
	e := &Error{Col: p.i, Len: len(name), Kind: UnknownField, Text: "there is no field " + name}
	e.Suggest = p.table.nearest(name)
	return e
}

func (p *parser) badOperator(o operator) *Error {
	e := &Error{Col: o.start, Len: o.end - o.start, Kind: BadOperator, Text: "there is no operator " + o.text}
	switch o.text {
	case "=>":
		e.Suggest = ">="
	case "=<":
		e.Suggest = "<="
	case "<>", "=!":
		e.Suggest = "!="
	case "===":
		e.Suggest = "="
	case "=~", "~=", "~~", "==~", "~==":
		e.Suggest = "~"
	case "!=~", "~!", "!~=":
		e.Suggest = "!~"
	case "!", "not":
		e.Suggest = "!="
		if o.text == "not" {
			e.Suggest = "notin"
		}
		if p.skip(o.end) == len(p.s) {
			e.Kind = Unfinished
		}
	}
	return e
}

// conflict finds an earlier term that cannot hold together with t.
func (p *parser) conflict(t *term, start int) *Error {
	for i := range p.terms {
		if o := &p.terms[i]; o.field == t.field && o.op == t.op && o.equal(*t) {
			return nil // said twice: it was compared with the others before
		}
	}
	text := ""
	for i := 0; i < len(p.terms) && text == ""; i++ {
		text = clash(&p.terms[i], t)
	}
	if text == "" {
		text = p.unchosen(t)
	}
	if text == "" {
		return nil
	}
	return &Error{Col: start, Len: p.i - start, Kind: Conflict, Text: text}
}

// unchosen says which earlier term wants none of the values of a column that t
// wants, or "". What each wants is listed once and only when two want something of
// one column: words are looked for among all names of GPUs.
func (p *parser) unchosen(t *term) string {
	column := t.chooses()
	if column == nil {
		return ""
	}
	var own []any
	for i := range p.terms {
		other := &p.terms[i]
		if other.chooses() != column {
			continue
		}
		if own == nil {
			own = t.choice()
		}
		if !overlap(p.choiceAt(i), own) {
			return neither(other, t)
		}
	}
	if own != nil {
		p.choices[len(p.terms)] = own
	}
	return ""
}

// choiceAt lists the values that an earlier term wants one of.
func (p *parser) choiceAt(i int) []any {
	list, done := p.choices[i]
	if !done {
		if p.choices == nil {
			p.choices = map[int][]any{}
		}
		list = p.terms[i].choice()
		p.choices[i] = list
	}
	return list
}

// clash says why a and b cannot both hold, or "" when they may. Bounds that leave
// nothing between them are no mistake: they admit nothing, and are sent like that.
func clash(a, b *term) string {
	if a.field == nil || a.field != b.field {
		return ""
	}
	switch {
	case a.op == opAny && b.op == opAny:
	case a.field.list:
	case a.op == opAny || b.op == opAny, a.op == opEq && b.op == opEq && differ(a, b):
		return a.String() + " and " + b.String() + " cannot both hold"
	}
	return ""
}

func neither(a, b *term) string {
	text := "nothing is both " + a.String() + " and " + b.String()
	if a.op == opWords && b.op == opWords {
		text += "; for either of them write " + a.String() + "|" + b.String()
	}
	return text
}

// differ reports whether two terms with = name values that have nothing in common.
func differ(a, b *term) bool {
	switch {
	case a.null() || b.null():
		return !slices.Equal(a.vals, b.vals)
	case a.field.Kind == Place:
		return !overlap(a.wireValues(), b.wireValues())
	case !a.field.ordered():
		return !slices.Equal(a.vals, b.vals)
	}
	alow, ahigh := a.ends()
	blow, bhigh := b.ends()
	return ahigh < blow || bhigh < alow
}

// chooses is the column of which t wants one of some values; nil for other terms.
func (t *term) chooses() *Field {
	switch {
	case t.op == opWords && t.words[0].loose:
		return nil // it may also be in a name
	case t.op == opWords && t.words[0].class == gpuWord:
		return gpuField
	case t.op == opWords && t.words[0].class == placeWord:
		return placeField
	case t.op == opIn, t.op == opEq && (t.field.Kind == GPU || t.field.Kind == Place) && !t.null():
		if t.field.list {
			return nil // it may have several
		}
		return t.field
	}
	return nil
}

// choice lists the values that t wants one of.
func (t *term) choice() []any {
	switch {
	case t.field != nil:
		return t.wireValues()
	case t.words[0].class == gpuWord:
		return appendNew(nil, t.wordGPUs())
	}
	return appendNew(nil, t.wordCodes())
}

// overlap reports whether two lists share a value. An empty list stands for words
// that cannot be listed.
func overlap(a, b []any) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(v any) bool { return slices.Contains(b, v) })
}
