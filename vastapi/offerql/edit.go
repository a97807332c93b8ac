package offerql

import (
	"errors"
	"slices"
	"strings"
)

// Edits of a query as it is written: what they do not concern stays as it was
// typed, spaces and spelling included.

// draft is a text with where each of its terms stands.
type draft struct {
	text  string
	terms []term
	spans [][2]int
}

// readDraft reads a finished text; what looks like the beginning of a field is a
// word then.
func readDraft(text string, volumes bool) (draft, error) {
	d, err := tryDraft(text, volumes)
	var e *Error
	if errors.As(err, &e) && e.Kind == Unfinished {
		if closed, err := tryDraft(text+" ", volumes); err == nil {
			return closed, nil
		}
	}
	return d, err
}

func tryDraft(text string, volumes bool) (draft, error) {
	d := draft{text: text}
	p := parser{scanner: scanner{s: text, table: tableOf(volumes)}}
	if err := p.all(func(from, to int) { d.spans = append(d.spans, [2]int{from, to}) }); err != nil {
		return draft{text: text}, err
	}
	d.terms = p.terms
	return d, nil
}

// written is a term as it was typed.
func (d draft) written(i int) string { return d.text[d.spans[i][0]:d.spans[i][1]] }

// without is the text without the terms that drop says, each with the space
// behind it, or before it at the end.
func (d draft) without(drop func(i int) bool) string {
	var b strings.Builder
	at := 0
	for i, span := range d.spans {
		if !drop(i) {
			continue
		}
		to := span[1]
		if i+1 < len(d.spans) {
			to = d.spans[i+1][0]
		}
		b.WriteString(d.text[at:span[0]])
		at = to
	}
	b.WriteString(d.text[at:])
	if at == 0 {
		return b.String()
	}
	return strings.TrimSpace(b.String())
}

// about reports whether term i is about the field.
func (d draft) about(i int, f *Field) bool { return d.terms[i].field == f }

// joined is text with another term behind it.
func joined(text, term string) string {
	switch text = strings.TrimRight(text, " \t"); {
	case term == "":
		return text
	case text == "":
		return term
	}
	return text + " " + term
}

// WithoutDefault is the text of a query in which the default policy about a field
// no longer holds: "field=any" stands in it, in place of what it said about the
// field. A text that cannot be read gets it at its end; an unknown field changes
// nothing.
func WithoutDefault(text, field string) string {
	f := policyField(field)
	if f == nil {
		return text
	}
	any := f.Name + "=any"
	d, err := readDraft(text, false)
	if err != nil {
		return joined(text, any)
	}
	return joined(d.without(func(i int) bool { return d.about(i, f) }), any)
}

// WithDefault is the text of a query without all that it says about a field, so
// that the default policy about it holds again. A text that cannot be read loses
// "field=any" where it stands between spaces.
func WithDefault(text, field string) string {
	f := policyField(field)
	if f == nil {
		return text
	}
	d, err := readDraft(text, false)
	if err != nil {
		words := strings.Split(text, " ")
		return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == f.Name+"=any" }), " ")
	}
	return d.without(func(i int) bool { return d.about(i, f) })
}

// ToggleDefault takes the default policy about a field away when it holds in the
// text, and puts it back when it does not.
func ToggleDefault(text, field string) string {
	f := policyField(field)
	if f == nil {
		return text
	}
	d, err := readDraft(text, false)
	if err == nil && slices.ContainsFunc(d.terms, func(t term) bool { return t.field == f }) || err != nil && strings.Contains(text, f.Name+"=any") {
		return WithDefault(text, field)
	}
	return WithoutDefault(text, field)
}

// RemoveTerm is the text of a query without the terms that print like term, an
// element of Terms. A text that cannot be read stays as it is.
func RemoveTerm(text, term string) string {
	d, err := readDraft(text, false)
	if err != nil {
		return text
	}
	return d.without(func(i int) bool { return d.terms[i].String() == term })
}

// policyField finds a field of offers or volumes by its name or an alias.
func policyField(name string) *Field {
	if f := offerFields[name]; f != nil {
		return f
	}
	return volumeFields[name]
}
