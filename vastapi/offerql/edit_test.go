package offerql

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

func TestTheCeilingReplacesUpperBoundsOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"", "dph<=0.6"},
		{"num_gpus>=2  4090", "num_gpus>=2  4090 dph<=0.6"},
		{"dph<1", "dph<=0.6"},
		{"4090 dph < 1  -CN", "4090 dph<=0.6  -CN"},
		{"dph_total<=1 num_gpus=2 dph<0.9", "dph<=0.6 num_gpus=2"},
		{"dph>0.1 dph<1 min_bid<1", "dph>0.1 dph<=0.6 min_bid<1"},
		{"dph=0.2..0.9 4090", "dph_total>=0.2 dph<=0.6 4090"},
		{"dph=any 4090", "dph<=0.6 4090"},
		{"4090 dph=0.5", "4090 dph<=0.6"},
		{"dph!=0.5 dph in [0.1,0.2]", "dph!=0.5 dph in [0.1,0.2] dph<=0.6"},
		{"verified=any num", "verified=any num dph<=0.6"},
		{"dph_base<1", "dph_base<1 dph<=0.6"},
	} {
		got, err := SetCeiling(c.text, 0.6)
		if err != nil || got != c.want {
			t.Errorf("%q: %q, %v; want %q", c.text, got, err, c.want)
			continue
		}
		again, err := SetCeiling(got, 0.6)
		if err != nil || !mustParse(t, again+" ").Equal(mustParse(t, got+" ")) {
			t.Errorf("%q: set twice it is %q, %v", got, again, err)
		}
		q, err := mustParse(t, c.text+" ").WithCeiling(0.6)
		if want := mustParse(t, got+" "); err != nil || !q.Equal(want) {
			t.Errorf("%q: WithCeiling makes %q of it, SetCeiling %q (%v)", c.text, q, want, err)
		}
	}
}

func TestNoPriceIsNoCeiling(t *testing.T) {
	t.Parallel()
	for _, rate := range []vastapi.Rate{0, -1, vastapi.Rate(math.NaN()), vastapi.Rate(math.Inf(1)), vastapi.Rate(math.Inf(-1)), 1e-9, 1e6} {
		text, err := SetCeiling("dph<1", rate)
		if err == nil || text != "dph<1" || !strings.Contains(err.Error(), "0.60") {
			t.Errorf("%v: %q, %v", rate, text, err)
		}
		if q, err := mustParse(t, "dph<1").WithCeiling(rate); err == nil || q.String() != "dph_total<1" {
			t.Errorf("%v: %q, %v", rate, q, err)
		}
	}
	var e *Error
	if text, err := SetCeiling("foo=1", 0.5); !errors.As(err, &e) || text != "foo=1" {
		t.Errorf("a query that cannot be read became %q, %v", text, err)
	}
	volumes, err := ParseVolumes("disk_space>10")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := volumes.WithCeiling(0.5); err == nil {
		t.Error("volumes got a price per hour")
	}
}

func TestChipsComeAndGoInTheText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, field, without, with string }{
		{"", "verified", "verified=any", ""},
		{"4090  -CN", "verified", "4090  -CN verified=any", "4090  -CN"},
		{"4090 verified=any  -CN", "verified", "4090 -CN verified=any", "4090 -CN"},
		{"verified=false dph<1", "verified", "dph<1 verified=any", "dph<1"},
		{"dph<1 rented!=true rented=false", "rented", "dph<1 rented=any", "dph<1"},
		{"gpu_name=[", "verified", "gpu_name=[ verified=any", "gpu_name=["},
		{"4090 verified=any gpu_name=[", "verified", "4090 verified=any gpu_name=[ verified=any", "4090 gpu_name=["},
		{"4090", "nonsense", "4090", "4090"},
	} {
		if got := WithoutDefault(c.text, c.field); got != c.without {
			t.Errorf("%q without %s: %q, want %q", c.text, c.field, got, c.without)
		}
		if got := WithDefault(c.text, c.field); got != c.with {
			t.Errorf("%q with %s: %q, want %q", c.text, c.field, got, c.with)
		}
	}
	for _, text := range []string{"", "4090 dph<1", "-CN  epyc"} {
		off := ToggleDefault(text, "external")
		if q := mustParse(t, off); q.Chips()[1].On || ToggleDefault(off, "external") != text {
			t.Errorf("%q toggled is %q, and again %q", text, off, ToggleDefault(off, "external"))
		}
	}
	if got := RemoveTerm("dph<1  gpu_ram >= 24   -CN", "gpu_ram>=24"); got != "dph<1  -CN" {
		t.Errorf("removed: %q", got)
	}
}

// Editing the text and editing the query come to the same, for any query.
func TestEditsOfTextAndQueryAgree(t *testing.T) {
	t.Parallel()
	g := generator{rand.New(rand.NewPCG(6, 18)), marketOf(300)}
	for range 2000 {
		q := g.query()
		text := q.String() + " "
		for _, field := range []string{"verified", "rented", "gpu_ram"} {
			want, got := q.Without(field), mustParse(t, WithoutDefault(text, field)+" ")
			if !got.Equal(want) {
				t.Fatalf("%q without %s: text %q, query %q", q, field, got, want)
			}
		}
		text, err := SetCeiling(text, 0.25)
		want, err2 := q.WithCeiling(0.25)
		if err != nil || err2 != nil {
			t.Fatalf("%q: %v, %v", q, err, err2)
		}
		got := mustParse(t, text+" ")
		for _, o := range g.offers[:50] {
			if got.Match(&o) != want.Match(&o) || o.DphTotal > 0.25 && got.Match(&o) {
				t.Fatalf("%q with a ceiling: text %q, query %q", q, got, want)
			}
		}
	}
}

func TestBlocksJoinWhatTheQueryRefuses(t *testing.T) {
	t.Parallel()
	q := mustParse(t, "host_id!=3 machine_id notin [7,8] dph<1").Excluding([]vastapi.HostID{9, 4, 9}, []vastapi.MachineID{7, 5})
	q = q.Excluding([]vastapi.HostID{2}, nil)
	if got, want := filterOf(t, q, false), `{"dph_total":{"lt":1},"host_id":{"notin":[2,4,9,3]},"machine_id":{"notin":[7,8,5]}}`; !sameFilter(t, got, want) {
		t.Errorf("filter %s, want %s", got, want)
	}
	if q.String() != "host_id!=3 machine_id notin [7,8] dph_total<1" || len(q.Explain()) != 3 || q.Equal(mustParse(t, q.String())) {
		t.Errorf("blocks show in %q", q)
	}
	o := anOffer()
	o.MachineID, o.HostID = 6, 6
	for _, full := range []Query{q, q.WithDefaults(), q.Without("dph")} {
		if !full.Match(&o) {
			t.Fatalf("%q refuses an offer that is not blocked", full)
		}
		for _, id := range []int{2, 3, 4, 9} {
			blocked := o
			if blocked.HostID = vastapi.HostID(id); full.Match(&blocked) {
				t.Errorf("%q admits host %d", full, id)
			}
		}
		for _, id := range []int{5, 7, 8} {
			blocked := o
			if blocked.MachineID = vastapi.MachineID(id); full.Match(&blocked) {
				t.Errorf("%q admits machine %d", full, id)
			}
		}
	}
	if plain := mustParse(t, "dph<1"); !plain.Excluding([]vastapi.HostID{1}, nil).Narrows(plain) || plain.Narrows(plain.Excluding([]vastapi.HostID{1}, nil)) {
		t.Error("a blocked host does not narrow")
	}
	a := Query{}.Excluding([]vastapi.HostID{1, 2}, nil)
	if b := (Query{}).Excluding([]vastapi.HostID{2, 1}, nil); !a.Equal(b) || a.Equal(Query{}) {
		t.Error("the order of blocks makes another query")
	}
	if got := filterOf(t, a, true); !strings.Contains(got, `"host_id":{"notin":[1,2]}`) {
		t.Errorf("blocks without a query: %s", got)
	}
}

// sameFilter compares two filters, lists in any order.
func sameFilter(t *testing.T, a, b string) bool {
	t.Helper()
	return sortedJSON(t, a) == sortedJSON(t, b)
}
