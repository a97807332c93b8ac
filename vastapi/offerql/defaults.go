package offerql

import (
	"slices"
	"sync"
)

// defaultTerms are made at first use, so that starting the program costs nothing.
var defaultTerms = sync.OnceValue(func() (d struct{ market, offers, volumes []term }) {
	yes, no := []value{{kind: isFlag, flag: true}}, []value{{kind: isFlag}}
	is := func(name string, v []value) term { return term{field: offerFields[name], op: opEq, vals: v} }
	d.offers = []term{is("verified", yes), is("external", no), is("rentable", yes)}
	d.market = append(slices.Clone(d.offers), is("rented", no))
	disk := term{field: offerFields["disk_space"], op: opGe, vals: []value{{num: 1}}}
	d.volumes = []term{is("verified", yes), is("external", no), disk}
	return d
})

func clientDefaults(volumes bool) []*term {
	list := defaultTerms().offers
	if volumes {
		list = defaultTerms().volumes
	}
	out := make([]*term, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// replaces reports whether q has a term that a default gives way to: any term of
// a flag; of a number only "any" and the same operator, since another bound may
// stand beside it.
func (q Query) replaces(def *term) bool {
	return slices.ContainsFunc(q.terms, func(t term) bool {
		return t.field == def.field && (t.field.Kind == Flag || t.op == opAny || t.op == def.op)
	})
}

// Defaults is the policy of the market view: verified=true external=false
// rentable=true rented=false.
func Defaults() Query { return compile(slices.Clone(defaultTerms().market), false) }

// policy are the default terms that the views put before a query.
func (q Query) policy() []term {
	if q.volumes {
		return defaultTerms().volumes
	}
	return defaultTerms().market
}

// WithDefaults is q and those terms of Defaults whose field q does not mention.
// "verified=any" mentions it. For volumes they are the terms of Filter.
func (q Query) WithDefaults() Query {
	terms := make([]term, 0, len(q.terms)+len(q.policy()))
	for _, c := range q.Chips() {
		if c.On {
			terms = append(terms, c.term)
		}
	}
	return q.with(append(terms, q.terms...))
}

// Chip is one term of the default policy as a query leaves it.
type Chip struct {
	Field string // verified
	Text  string // verified=true
	On    bool   // the query does not mention the field, so that the default holds
	term  term
}

// Chips are the terms of the default policy, in their order.
func (q Query) Chips() []Chip {
	policy := q.policy()
	out := make([]Chip, len(policy))
	for i, t := range policy {
		out[i] = Chip{Field: t.field.Name, Text: t.String(), On: !q.Mentions(t.field.Name), term: t}
	}
	return out
}

// Mentions reports whether a term of q is about the field of that canonical name.
func (q Query) Mentions(field string) bool {
	return slices.ContainsFunc(q.terms, func(t term) bool { return t.field != nil && t.field.Name == field })
}

// Without is q without its terms about the field and with "field=any", so that
// no default of it applies either. The name may be an alias; an unknown one
// changes nothing.
func (q Query) Without(field string) Query {
	table := offerFields
	if q.volumes {
		table = volumeFields
	}
	f := table[field]
	if f == nil {
		return q
	}
	terms := slices.DeleteFunc(slices.Clone(q.terms), func(t term) bool { return t.field == f })
	return q.with(append(terms, term{field: f, op: opAny}))
}
