package offerql

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"vastdeck/vastapi"
	"vastdeck/vastapi/vastsim"
)

// generator makes queries whose values are taken from real offers, so that most
// of them admit some and refuse some.
type generator struct {
	*rand.Rand
	offers []vastapi.Offer
}

func (g generator) offer() *vastapi.Offer { return &g.offers[g.IntN(len(g.offers))] }

// query is a text of one to four terms that Parse accepts.
func (g generator) query() Query {
	for {
		var terms []string
		for range 1 + g.IntN(4) {
			terms = append(terms, g.term())
		}
		if q, err := Parse(strings.Join(terms, " ") + " "); err == nil {
			return q
		}
	}
}

func (g generator) term() string {
	if g.IntN(4) == 0 {
		return g.word()
	}
	f := fields[g.IntN(len(fields))]
	if f.VolumeOnly {
		return g.word()
	}
	if g.IntN(25) == 0 {
		return f.Name + [...]string{"=null", "!=null", "=any"}[g.IntN(3)]
	}
	if f.ordered() {
		return g.numberTerm(f)
	}
	op := [...]string{"=", "!=", " in ", " notin "}[g.IntN(4)]
	if f.Kind == Flag {
		return f.Name + op + [...]string{"true", "false", "1", "0"}[g.IntN(4)]
	}
	if strings.Contains(op, "in") {
		return f.Name + op + "[" + g.text(f) + "," + g.text(f) + "," + g.text(f) + "]"
	}
	return f.Name + op + g.text(f)
}

func (g generator) text(f *Field) string {
	if f.Kind == Place && g.IntN(3) == 0 {
		return regions[g.IntN(len(regions))].name
	}
	if s := f.text(g.offer()); s != "" {
		return `"` + s + `"`
	}
	return "none"
}

func (g generator) numberTerm(f *Field) string {
	a, b := g.number(f), g.number(f)
	switch g.IntN(5) {
	case 0:
		return f.Name + [...]string{" in ", " notin "}[g.IntN(2)] + "[" + a + "," + b + "," + g.number(f) + "]"
	case 1:
		return f.Name + [...]string{"=", "!="}[g.IntN(2)] + a + ".." + b
	}
	return f.Name + [...]string{"=", "!=", ">", ">=", "<", "<="}[g.IntN(6)] + a
}

// number is the number of an offer as it would be typed, sometimes rounded.
func (g generator) number(f *Field) string {
	v := f.num(g.offer())
	if math.IsNaN(v) {
		v = float64(g.IntN(10))
	}
	if f.Kind == Driver {
		return printDriver(value{num: v, parts: uint8(1 + g.IntN(3))})
	}
	if f.dim == memory || f.dim == cardMemory {
		if g.IntN(2) == 0 {
			return printNumber(v) + "MB"
		}
		return printNumber(math.Round(v / 1000))
	}
	if v /= f.Multiplier; g.IntN(2) == 0 {
		v = math.Round(v)
	}
	return printNumber(v)
}

func (g generator) word() string {
	o := g.offer()
	var w string
	switch g.IntN(6) {
	case 0:
		w = `"` + o.GPUName.String() + `"`
	case 1:
		w = strings.Fields(o.GPUName.String() + " x")[0]
	case 2:
		w = o.Country
	case 3:
		w = regions[g.IntN(len(regions))].name
	case 4:
		if g.IntN(3) == 0 {
			w = strings.ReplaceAll(o.GPUName.String(), " ", "")
			break
		}
		w = [...]string{"epyc", "xeon", "texas", "40", "90", "ti", "germany"}[g.IntN(7)]
	default:
		w = o.MachineID.String()
	}
	if w == "" {
		w = "US"
	}
	if g.IntN(4) == 0 {
		w += "|" + [...]string{"US", "4090", "DE", "EU", "A100"}[g.IntN(5)]
	}
	if g.IntN(2) == 0 {
		w = "-" + w
	}
	return w
}

// market is a client of a simulated market that stands still, and all its offers.
func market(t *testing.T, seed int64, size int) (*vastapi.Client, []vastapi.Offer) {
	t.Helper()
	world := vastsim.New(vastsim.WithSeed(seed), vastsim.WithOffers(size), vastsim.WithMaxLimit(5000), vastsim.WithQuietMarket())
	t.Cleanup(world.Close)
	client, err := vastapi.New(vastapi.WithTransport(world.Transport()), vastapi.WithIntervals(vastapi.Intervals{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client, ask(t, client, vastapi.Filter{})
}

func ask(t *testing.T, client *vastapi.Client, f vastapi.Filter) []vastapi.Offer {
	t.Helper()
	page, err := client.SearchOffers(context.Background(), vastapi.OfferSearch{Filter: f, Limit: 5000})
	if err != nil {
		t.Fatalf("%v: %v", f, err)
	}
	if page.Bad != 0 {
		t.Fatalf("%d rows could not be read", page.Bad)
	}
	return page.Offers
}

func ids(offers []vastapi.Offer, keep func(*vastapi.Offer) bool) map[vastapi.OfferID]bool {
	out := map[vastapi.OfferID]bool{}
	for i := range offers {
		if keep(&offers[i]) {
			out[offers[i].ID] = true
		}
	}
	return out
}

// The simulator evaluates the filter that a query compiles to on its own reading
// of the documentation; what it finds is what Match finds.
func TestMatchAgreesWithTheServer(t *testing.T) {
	t.Parallel()
	for seed := int64(1); seed <= 2; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			// In a bubble the clock stands still, and with it how long offers last.
			synctest.Test(t, func(t *testing.T) {
				client, offers := market(t, seed, 500)
				if len(offers) < 400 {
					t.Fatalf("only %d offers", len(offers))
				}
				g := generator{rand.New(rand.NewPCG(uint64(seed), 15)), offers}
				some, pairs := 0, 0
				for range 250 {
					q := g.query()
					if g.IntN(3) == 0 {
						q = q.WithDefaults()
					}
					if pairs += len(offers); agree(t, client, offers, q) {
						some++
					}
				}
				if pairs < 10_000 {
					t.Errorf("only %d pairs of a query and an offer", pairs)
				}
				if some < 60 {
					t.Errorf("only %d queries admitted some offers and refused some", some)
				}
			})
		})
	}
}

// Every field is tried with every operator it takes, with null and with a range.
func TestEveryFieldAndOperatorAgreesWithTheServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, offers := market(t, 5, 150)
		g := generator{rand.New(rand.NewPCG(5, 21)), offers}
		pairs, apart := 0, map[string]int{}
		for _, f := range fields {
			if f.VolumeOnly {
				continue
			}
			for _, text := range g.sweep(f) {
				q, err := Parse(text + " ")
				if err != nil {
					t.Fatalf("%q: %v", text, err)
				}
				if pairs += len(offers); agree(t, client, offers, q) {
					apart[f.Name]++
				}
			}
		}
		if pairs < 10_000 {
			t.Errorf("only %d pairs of a query and an offer", pairs)
		}
		for name := range offerFields {
			if f := offerFields[name]; apart[f.Name] == 0 && f.varies(offers) {
				t.Errorf("no query about %s told offers apart", f.Name)
			}
		}
	})
}

// sweep makes a query for each thing that can be said about a field.
func (g generator) sweep(f *Field) []string {
	out := []string{f.Name + "=null", f.Name + "!=null", f.Name + "=any"}
	value := func() string {
		switch {
		case f.ordered():
			return g.number(f)
		case f.Kind == Flag:
			return [...]string{"true", "false", "1", "0"}[g.IntN(4)]
		}
		return g.text(f)
	}
	for _, o := range f.Ops {
		for range 2 {
			switch o {
			case "in", "notin":
				list := []string{value(), value(), value()}
				if f.Kind == Driver {
					list = []string{"535.183.01", printDriver(g.driver(f))}
				}
				out = append(out, f.Name+" "+o+" ["+strings.Join(list, ",")+"]")
			default:
				out = append(out, f.Name+o+value())
			}
		}
	}
	if f.ordered() {
		low, high := f.num(g.offer()), f.num(g.offer())
		if f.Kind == Number && f.Multiplier == 1 && low < high {
			out = append(out, f.Name+"="+printNumber(low)+".."+printNumber(high), f.Name+"!="+printNumber(low)+".."+printNumber(high))
		}
	}
	return out
}

// driver is a version in full, as lists want it.
func (g generator) driver(f *Field) value { return value{num: f.num(g.offer()), parts: 3} }

// varies reports whether offers differ in a field, so that a query can tell them apart.
func (f *Field) varies(offers []vastapi.Offer) bool {
	q := compile([]term{{field: f, op: opEq, vals: []value{{kind: isNull}}}}, false)
	unknown := found(q, offers)
	seen := map[any]bool{}
	for i := range offers {
		switch o := &offers[i]; {
		case f.num != nil:
			if v := f.num(o); !math.IsNaN(v) {
				seen[v] = true
			}
		case f.flag != nil:
			seen[f.flag(o)] = true
		default:
			seen[f.text(o)] = true
		}
	}
	return len(seen) > 1 || unknown > 0 && unknown < len(offers)
}

// agree compares what the server finds with what Match does, and reports whether
// q told offers apart.
func agree(t *testing.T, client *vastapi.Client, offers []vastapi.Offer, q Query) bool {
	t.Helper()
	want := ids(offers, q.Match)
	got := ids(ask(t, client, q.Filter(false)), func(o *vastapi.Offer) bool { return q.Local() == nil || q.Match(o) })
	if !maps.Equal(got, want) {
		t.Errorf("%q, local %q, filter %v: the server finds %d offers, Match %d", q, q.Local(), q.Filter(false), len(got), len(want))
		for i := range offers {
			if o := &offers[i]; got[o.ID] != want[o.ID] {
				t.Logf("server %t, local %t: %+v", got[o.ID], want[o.ID], *o)
				break
			}
		}
	}
	return len(want) > 0 && len(want) < len(offers)
}

func TestNarrowingIsTrue(t *testing.T) {
	t.Parallel()
	_, offers := market(t, 3, 500)
	g := generator{rand.New(rand.NewPCG(3, 16)), offers}
	narrower := 0
	for range 3000 {
		q := g.query()
		older := g.query()
		if g.IntN(2) == 0 {
			// A part of q, or q and a term: pairs that typing makes.
			terms := q.Terms()
			older = mustParse(t, strings.Join(terms[:g.IntN(len(terms)+1)], " ")+" ")
		}
		if !q.Narrows(older) {
			continue
		}
		narrower++
		for i := range offers {
			if o := &offers[i]; q.Match(o) && !older.Match(o) {
				t.Fatalf("%q narrows %q, but not for %+v", q, older, *o)
			}
		}
	}
	if narrower < 500 {
		t.Errorf("only %d pairs were narrower", narrower)
	}
}

// Printing is tried on made queries too: fuzzing alone finds few lists.
func TestPrintedQueriesReadBack(t *testing.T) {
	t.Parallel()
	g := generator{rand.New(rand.NewPCG(4, 17)), marketOf(300)}
	for range 5000 {
		q := g.query()
		if again, err := Parse(q.String()); err != nil || !again.Equal(q) {
			t.Fatalf("%q reads back as %q: %v", q, again, err)
		}
		if !slices.Equal(q.WithDefaults().Terms(), mustParse(t, q.WithDefaults().String()).Terms()) {
			t.Fatalf("%q with defaults does not read back", q)
		}
	}
}
