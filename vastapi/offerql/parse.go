package offerql

import (
	"slices"
	"strings"
)

// maxQuery is the longest text that is read as a query. The longest that people
// write have a few hundred bytes; a pasted file is a mistake.
const maxQuery = 4096

// Parse reads a query for offers. The error, if any, is an *Error.
func Parse(s string) (Query, error) { return parse(s, false) }

// ParseVolumes reads a query for volume offers: the fields are those of volumes,
// and there are no aliases (vast-cli does it so). Its terms on columns that an
// offer of GPUs lacks match none.
func ParseVolumes(s string) (Query, error) { return parse(s, true) }

func parse(s string, volumes bool) (Query, error) {
	if len(s) > maxQuery {
		return Query{}, &Error{Col: maxQuery, Len: len(s) - maxQuery, Kind: BadText, Text: "the query is too long"}
	}
	p := parser{scanner: scanner{s: s}, volumes: volumes}
	for {
		p.i = p.skip(p.i)
		if p.end() {
			break
		}
		start := p.i
		t, err := p.term()
		if err == nil {
			err = p.conflict(&t, start)
		}
		if err != nil {
			return Query{}, err
		}
		if p.terms == nil {
			p.terms = make([]term, 0, 6) // more than most queries have
		}
		p.terms = append(p.terms, t)
	}
	if len(p.terms) == 0 {
		return Query{volumes: volumes}, nil
	}
	return compile(p.terms, volumes), nil
}

// parser reads terms from the left to the right.
type parser struct {
	scanner
	volumes bool
	terms   []term
	vals    []value // room for the values of all terms
}

func (p *parser) field(name string) *Field {
	if p.volumes {
		return volumeFields[name]
	}
	return offerFields[name]
}

func (p *parser) term() (term, *Error) {
	if p.s[p.i] == '-' || p.s[p.i] == '"' || p.s[p.i] == '\'' {
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
	if p.s[p.i] == '!' {
		return &Error{Col: p.i, Len: 1, Kind: BadText, Text: `to leave a word out, put "-" before it`, Suggest: "-"}
	}
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
	e.Suggest = nearestField(name, p.volumes)
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
		if e := clash(&p.terms[i], t); e != "" {
			err := &Error{Col: start, Len: p.i - start, Kind: Conflict, Text: e}
			return err
		}
	}
	return nil
}

// clash says why a and b cannot both hold, or "" when they may. Bounds that leave
// nothing between them are no mistake: they admit nothing, and are sent like that.
func clash(a, b *term) string {
	if a.field != nil && a.field == b.field {
		switch {
		case a.op == opAny && b.op == opAny:
			return ""
		case a.op == opAny || b.op == opAny, a.op == opEq && b.op == opEq && differ(a, b):
			return a.String() + " and " + b.String() + " cannot both hold"
		}
	}
	column := a.chooses()
	if column == nil || column != b.chooses() || overlap(a.choice(), b.choice()) {
		return ""
	}
	text := "nothing is both " + a.String() + " and " + b.String()
	if a.op == opWords && b.op == opWords {
		text += "; for either of them write " + a.String() + "|" + b.String()
	}
	return text
}

// differ reports whether two terms with = name values that have nothing in common.
func differ(a, b *term) bool {
	if a.null() || b.null() || !a.field.ordered() {
		return !slices.Equal(a.vals, b.vals)
	}
	alow, ahigh := a.ends()
	blow, bhigh := b.ends()
	return ahigh < blow || bhigh < alow
}

// chooses is the column of which t wants one of some values; nil for other terms.
func (t *term) chooses() *Field {
	switch {
	case t.op == opWords && t.words[0].class == gpuWord:
		return gpuField
	case t.op == opWords && t.words[0].class == placeWord:
		return placeField
	case t.op == opIn, t.op == opEq && (t.field.Kind == GPU || t.field.Kind == Place) && !t.null():
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
