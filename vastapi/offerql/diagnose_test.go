package offerql

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

// each goes over offers as a market of pointers would.
func each(offers []vastapi.Offer) func(func(*vastapi.Offer) bool) {
	return func(yield func(*vastapi.Offer) bool) {
		for i := range offers {
			if !yield(&offers[i]) {
				return
			}
		}
	}
}

func found(q Query, offers []vastapi.Offer) int {
	n := 0
	for i := range offers {
		if q.Match(&offers[i]) {
			n++
		}
	}
	return n
}

func TestAnEmptyResultSaysWhichConditionToDrop(t *testing.T) {
	t.Parallel()
	offers := make([]vastapi.Offer, 20)
	for i := range offers {
		offers[i] = anOffer()
		offers[i].Reliability, offers[i].NumGPUs = 0.98, 1+i%4
		if i >= 14 {
			offers[i].Rentable = vastapi.FlagNo
			offers[i].Reliability = 0.999
		}
	}
	for _, c := range []struct {
		query, sentence, applied string
	}{
		{"4090  reliability>0.99", "remove reliability>0.99 → 14 offers", "4090"},
		{"reliability>0.9999 num_gpus>4 dph<1", "remove reliability>0.9999 and num_gpus>4 → 14 offers", "dph<1"},
		{"reliability>0.99 dph<1", "remove reliability>0.99 → 14 offers", "dph<1"},
		{"reliability=0.999 4090", "remove reliability=0.999 → 14 offers", "4090"},
		{"reliability=0.999 4090 num_gpus=2..4", "remove reliability=0.999 → 10 offers", "4090 num_gpus=2..4"},
		{"reliability>0.98  4090 dph<1 num_gpus=3 -CN dph>0.5", "remove reliability>0.98 → 3 offers", "4090 dph<1 num_gpus=3 -CN dph>0.5"},
		{"4090 dph<0.1 cpu_ram>=64000", "remove dph_total<0.1 and cpu_ram>=64000 → 14 offers", "4090"},
		{"4090 cpu_ram>=64000", "write cpu_ram>=64 for cpu_ram>=64000 → 14 offers", "4090 cpu_ram>=64"},
		{"duration>8640 num_gpus=2", "write duration>0.1 for duration>8640 → 4 offers", "num_gpus=2 duration>0.1"},
		{"cuda>=1210 num_gpus=4", "write cuda_max_good>=12.1 for cuda_max_good>=1210 → 3 offers", "num_gpus=4 cuda_max_good>=12.1"},
	} {
		q := mustParse(t, c.query)
		got := Diagnose(q, each(offers))
		if len(got) == 0 || got[0].Sentence != c.sentence {
			t.Errorf("%q: %+v, want %q", c.query, got, c.sentence)
			continue
		}
		text := got[0].Apply(c.query)
		if text != c.applied {
			t.Errorf("%q applied: %q, want %q", c.query, text, c.applied)
		}
		if n := found(mustParse(t, text).WithDefaults(), offers); n != got[0].Offers {
			t.Errorf("%q finds %d offers, the suggestion says %d", text, n, got[0].Offers)
		}
	}
	defaults := Diagnose(mustParse(t, "reliability>0.99"), each(offers))
	if len(defaults) != 2 || defaults[1].Sentence != "remove rentable=true → 6 offers" || defaults[1].Apply("reliability>0.99") != "reliability>0.99 rentable=any" {
		t.Errorf("a default is not among %+v", defaults)
	}
	blocked := Diagnose(mustParse(t, "4090").Excluding([]vastapi.HostID{4711}, []vastapi.MachineID{1}), each(offers))
	if len(blocked) != 1 || !blocked[0].Blocks || blocked[0].Sentence != "remove the blocks → 14 offers" || blocked[0].Apply("4090") != "4090" {
		t.Errorf("blocks: %+v", blocked)
	}
	one := Diagnose(mustParse(t, "reliability>0.9999 dph<1"), each(offers[:1]))
	if len(one) != 1 || !strings.HasSuffix(one[0].Sentence, "→ 1 offer") {
		t.Errorf("one offer: %+v", one)
	}
	for _, query := range []string{"4090", "5090 -US dph<0.1"} {
		if got := Diagnose(mustParse(t, query), each(offers)); got != nil {
			t.Errorf("%q: %+v, want nothing to say", query, got)
		}
	}
}

// What a suggestion promises is what the query without the term finds, and no
// term that would help is left out.
func TestSuggestionsKeepTheirPromises(t *testing.T) {
	t.Parallel()
	g := generator{rand.New(rand.NewPCG(8, 20)), marketOf(400)}
	empty, pairs := 0, 0
	for range 3000 {
		q := g.query()
		if found(q.WithDefaults(), g.offers) > 0 {
			if Diagnose(q, each(g.offers)) != nil {
				t.Fatalf("%q finds offers and is diagnosed", q)
			}
			continue
		}
		empty++
		got := Diagnose(q, each(g.offers))
		for _, s := range got {
			if s.Instead == "" && len(s.Remove) == 2 {
				pairs++
			}
			text := s.Apply(q.String() + " ")
			if n := found(mustParse(t, text+" ").WithDefaults(), g.offers); n != s.Offers || n == 0 {
				t.Fatalf("%q: %q finds %d offers", q, s.Sentence, n)
			}
		}
		for i, text := range q.Terms() {
			without := q.with(slices.Delete(slices.Clone(q.terms), i, i+1)).WithDefaults()
			mentioned := q.terms[i].field != nil && len(without.policy()) != len(q.policy())
			n := found(without, g.offers)
			if n > 0 && !mentioned && !promised(got, text, n) && without.Mentions(fieldName(q.terms[i])) == q.WithDefaults().Mentions(fieldName(q.terms[i])) {
				t.Fatalf("%q would find %d offers without %q, which is not among %+v", q, n, text, got)
			}
		}
	}
	if empty < 300 || pairs < 20 {
		t.Errorf("only %d empty results, %d with two terms to drop", empty, pairs)
	}
}

func fieldName(t term) string {
	if t.field == nil {
		return ""
	}
	return t.field.Name
}

func promised(list []Suggestion, term string, n int) bool {
	return slices.ContainsFunc(list, func(s Suggestion) bool { return len(s.Remove) == 1 && s.Remove[0] == term && s.Offers >= n })
}

func BenchmarkDiagnose(b *testing.B) {
	offers := marketOf(50_000)
	for _, query := range []string{fiveTerms + " gpu_ram>=25", "num_gpus>=1 dph<9 reliability>0.5 inet_down>=0 gpu_ram>=25"} {
		b.Run("", func(b *testing.B) {
			q := mustParse(b, query)
			b.ReportAllocs()
			for b.Loop() {
				if Diagnose(q, each(offers)) == nil {
					b.Fatal("nothing to say")
				}
			}
			judge(b, "diagnose 50000 offers", float64(b.Elapsed().Microseconds())/1000/float64(b.N), 5, "ms")
		})
	}
}

func BenchmarkKnown(b *testing.B) {
	offers := marketOf(50_000)
	for b.Loop() {
		KnownOf(offers)
	}
	judge(b, "known values of 50000 offers", float64(b.Elapsed().Microseconds())/1000/float64(b.N), 50, "ms")
}
