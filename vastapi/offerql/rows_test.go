package offerql

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

// machine is what the tests' own table is about.
type machine struct {
	id                          int
	name, status, gpu, at, full string
	load, left, ram, price      float64
	bid                         vastapi.Flag
	troubles                    []string
}

var machines = NewRows([]Column[machine]{
	{Name: "name", Help: "its name", Words: true, Text: func(m *machine) string { return m.name }},
	{Name: "status", Aliases: []string{"state"}, Help: "how it stands", Words: true, Text: func(m *machine) string { return m.status }},
	{Name: "gpu_name", Aliases: []string{"gpu"}, Help: "GPU", GPU: true, Words: true, Text: func(m *machine) string { return m.gpu }},
	{Name: "geolocation", Aliases: []string{"region"}, Help: "place", Country: true, Words: true, Text: func(m *machine) string { return m.at }},
	{Name: "id", Help: "its id", Words: true, Num: func(m *machine) float64 { return float64(m.id) }},
	{Name: "util", Help: "load", Unit: "%", Num: func(m *machine) float64 { return m.load }},
	{Name: "ends", Help: "time left", Unit: "h", Measure: Hours, Signed: true, Num: func(m *machine) float64 { return m.left }},
	{Name: "gpu_ram", Help: "memory", Unit: "GB", Measure: VRAM, Num: func(m *machine) float64 { return m.ram }},
	{Name: "dph", Help: "price", Unit: "$/h", Measure: Dollars, Num: func(m *machine) float64 { return m.price }},
	{Name: "bids", Help: "it is a bid", Flag: func(m *machine) vastapi.Flag { return m.bid }},
	{Name: "type", Help: "how it is rented", Values: []string{"bid", "on-demand"}, Text: func(m *machine) string {
		if m.bid.Yes() {
			return "bid"
		}
		return "on-demand"
	}},
	{Name: "problem", Help: "what is wrong", List: func(m *machine) []string { return m.troubles }},
}, map[string]string{"price": "dph", "trouble": "problem"}, func(m *machine) string { return m.full })

// park are a few machines, by the letter that tests call them.
var park = map[string]*machine{
	"a": {id: 101, name: "cluster-1", status: "RUNNING", gpu: "RTX 4090", at: "DE", full: "Bavaria, DE", load: 80, left: 100, ram: 24564, price: 0.4, bid: vastapi.FlagNo},
	"b": {id: 102, name: "us-eval", status: "STOPPED", gpu: "H100 SXM", at: "SE", full: "Sweden, SE", load: math.NaN(), left: 20, ram: 81559, price: 0.02, bid: vastapi.FlagYes, troubles: []string{"idle", "end"}},
	"c": {id: 203, name: "my_job", status: "REBOOTING?", gpu: "", at: "US", full: "Texas, US", load: 2, left: -1, ram: 24000, price: 2, bid: vastapi.FlagNo, troubles: []string{"low disk"}},
}

func foundIn(f Filter[machine]) string {
	var list []string
	for name, m := range park {
		if f.Match(m) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return strings.Join(list, "")
}

func TestATableOfOnesOwnIsAskedInTheSameLanguage(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"": "abc", "cluster": "a", "CLUSTER": "a", "-cluster": "bc", "cluster|job": "ac", "running": "a", "-running": "bc",
		"rtx4090": "a", `"rtx 4090"`: "a", "4090": "a", "101": "a", "10": "ab", "my_job": "c", `"my job"`: "c", "~^my.job$": "c", "-~^my": "ab",
		"name=cluster-1": "a", "name=CLUSTER-1": "a", "name!=cluster-1": "bc", "name~^us": "b", "status=running": "a", "state in [running,stopped]": "ab",
		"status!=running": "bc",
		"gpu=RTX_4090":    "a", "gpu!=RTX_4090": "b", "gpu=null": "c", "gpu!=null": "ab",
		"region=DE": "a", "region=EU": "ab", "region!=EU": "c", "region~bavaria": "a", "DE": "a", "EU": "ab", "-EU": "c",
		"us": "bc", "-us": "a", "texas": "c", "sweden": "b", // a country, or a word of its own in a text; not the "us" in cluster
		"util<5": "c", "util>=80%": "a", "util=null": "b", "util!=80": "c", "util=1..10": "c", "util in [2,80]": "ac",
		"ends<24": "bc", "ends<1d": "bc", "ends<0": "c", "ends=19..21": "b", "ends!=19..21": "ac", "ends<30min": "c",
		"gpu_ram=24": "ac", "gpu_ram>=80": "b", "dph<$0.5": "ab", "dph<=0.4$/h": "ab", "bids=true": "b", "bids!=true": "ac",
		"type=bid": "b", "type=ON-DEMAND": "ac", "problem=idle": "b", "problem=END": "b", "problem=idle problem=end": "b", "problem!=null": "bc",
		"problem=null": "a", "problem!=idle": "c", "problem in [idle,'low disk']": "bc", "problem~disk": "c", "problem=any": "abc",
		"id=101": "a", "id>101": "bc", "-stopped dph>1": "c", "running stopped": "",
	} {
		f, err := machines.Parse(query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if got := foundIn(f); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
		if f.Empty() != (query == "") {
			t.Errorf("%q: Empty is %v", query, f.Empty())
		}
		if n := len(f.Explain()); n != len(f.query.terms) {
			t.Errorf("%s is explained in %d sentences", query, n)
		}
	}
}

func TestMistakesInATableOfOnesOwnAreNamedWithWhatIsMeant(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]struct {
		kind    ErrorKind
		col     int
		suggest string
	}{
		"utl<5":             {UnknownField, 0, "util"},
		"price<1":           {UnknownField, 0, "dph"},
		"num_gpus>=2":       {UnknownField, 0, ""}, // a field of offers
		"util<five":         {BadNumber, 5, ""},
		"util<5GB x":        {BadNumber, 5, ""},
		"type=spot x":       {BadValue, 5, ""},
		"type=on-demnd x":   {BadValue, 5, "on-demand"},
		"type=on":           {Unfinished, 5, ""},
		"name>5":            {BadOperator, 4, "="},
		"ut":                {Unfinished, 0, ""},
		"util<":             {Unfinished, 0, ""},
		"region=Narnia x":   {BadValue, 7, ""},
		"dph<-1":            {BadScale, 4, ""},
		"name=a name=b":     {Conflict, 7, ""},
		"~[ x":              {BadPattern, 1, ""},
		"util~5":            {BadOperator, 4, "="},
		"name=a (b)":        {BadText, 7, ""},
		"util ! 5":          {BadOperator, 5, "!="},
		"type in [bid,x] y": {BadValue, 13, ""},
	} {
		_, err := machines.Parse(query)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s is read: %v", query, err)
			continue
		}
		if e.Kind != want.kind || e.Col != want.col || want.suggest != "" && e.Suggest != want.suggest {
			t.Errorf("%s: %s at %d, suggests %q (%s); want %s at %d, %q", query, e.Kind, e.Col, e.Suggest, e.Text, want.kind, want.col, want.suggest)
		}
	}
}

func TestATableOfOnesOwnCompletesItsOwnFieldsAndValues(t *testing.T) {
	t.Parallel()
	var rows []*machine
	for _, m := range park {
		rows = append(rows, m)
	}
	known := machines.Known(rows)
	for typed, want := range map[string]string{
		"ut": "util", "sta": "status", "prob": "problem", "gpu=": "RTX_4090", "status=": "RUNNING", "status=ru": "RUNNING", "type=": "bid", "type=o": "on-demand",
		"problem=": "end", "problem=lo": "low_disk", "bids=": "true", "util ": "=", "clu": "cluster-1", "running h1": "H100_SXM", "region=swe": "SE", "ends<5": "5h", "-run": "RUNNING",
	} {
		list := machines.Complete(typed, len(typed), known)
		if !slices.ContainsFunc(list, func(c Candidate) bool { return c.Text == want || c.Text == `"`+strings.ReplaceAll(want, "_", " ")+`"` }) {
			t.Errorf("%q is completed with %v, want %s among them", typed, list, want)
		}
		for _, c := range list {
			if strings.Contains(c.Text, "num_gpus") || c.Text == "A100_PCIE" {
				t.Errorf("%q is completed with %s, which this table does not have", typed, c.Text)
			}
		}
	}
	if list := machines.Complete("util", 4, nil); !machines.Whole("util<5", 6, nil) || !machines.Whole("util", 4, list) || machines.Whole("util<", 5, nil) {
		t.Error("what is complete is not known as that")
	}
}

func TestWordsOfATableOfOnesOwnAreMarkedWhereTheyAreFound(t *testing.T) {
	t.Parallel()
	f, err := machines.Parse("clus -x DE util<5")
	if err != nil {
		t.Fatal(err)
	}
	m := f.Marker()
	if got := m.In("name", "the cluster"); len(got) != 1 || got[0] != [2]int{4, 8} {
		t.Errorf("marked is %v", got)
	}
	if got := m.In("geolocation", "Bavaria, DE"); len(got) != 1 || got[0] != [2]int{9, 11} {
		t.Errorf("marked is %v", got)
	}
	same, _ := machines.Parse("clus  -x DE  util<5")
	other, _ := machines.Parse("clus -x DE util<6")
	if !f.Equal(same) || f.Equal(other) {
		t.Error("filters are not compared by their terms")
	}
}

func FuzzRowsReadAnything(f *testing.F) {
	for _, s := range []string{"util<5 ends<24h -stopped", "problem=idle|x", "type=bid name~^a", "region=EU us", "gpu in [A,B] \"", "util=1..5 ~[a-z]+"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		machines.Complete(s, len(s), nil)
		q, err := machines.Parse(s)
		var e *Error
		if err != nil {
			if !errors.As(err, &e) || e.Col < 0 || e.Col > len(s) || e.Len < 0 || e.Text == "" {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		for _, m := range park {
			q.Match(m)
		}
		q.Explain()
	})
}

func BenchmarkRowsMatch(b *testing.B) {
	q, err := machines.Parse("-stopped cluster util>5 ends<2000 dph<1")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		q.Match(park["a"])
	}
}
