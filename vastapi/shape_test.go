package vastapi

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vastdeck/vastapi/vastsim"
)

// literals are the texts in the sources of this package that may be names of fields.
// Whatever a decoder compares a key with is among them.
func literals(t *testing.T) []string {
	t.Helper()
	name := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	found := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(gotoken.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == gotoken.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					for word := range strings.FieldsSeq(text) {
						if name.MatchString(word) {
							found[word] = true
						}
					}
				}
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(found))
}

// probes are values of every kind that some decoder makes something of.
var probes = []string{
	`7`, `1`, `0.25`, `1900000000`, `"text"`, `"GB"`, `"all"`, `"deadbeef"`, `true`, `false`, `{"totalHour":3}`,
	`{"22/tcp":[{"HostPort":"1022"}]}`, `[["NAME","value"]]`, `[5]`, `[{"id":5}]`,
}

// decoders are what each kind of rows is read with, and a row that more is added to.
var decoders = map[Rows]struct {
	base string
	read func(raw []byte) any
}{
	RowsOffers: {`{"id":3,"x":0`, func(raw []byte) any {
		o := unknownOffer
		err := newSorter().offer(&scanner{b: raw}, &o)
		return []any{o, err}
	}},
	RowsInstances: {`{"id":3,"x":0`, func(raw []byte) any {
		i, err := newSorter().instance(&scanner{b: raw})
		if text := i.Jupyter.clear(); text != "" {
			return []any{text, err}
		}
		return []any{i, err}
	}},
	RowsVolumes: {`{"id":3,"x":0`, func(raw []byte) any {
		v, err := newSorter().volume(&scanner{b: raw})
		return []any{v, err}
	}},
	RowsAccount: {`{"id":3,"balance_threshold":5`, func(raw []byte) any {
		u, err := readUser(raw)
		return []any{u, err}
	}},
	RowsPages: {`{"success":true,"instances":[]`, func(raw []byte) any {
		page, next, err := readInstances(raw)
		return []any{page, next, err}
	}},
}

// decoderReads asks the decoder itself whether some of the fields make a difference to it.
func decoderReads(what Rows, names ...string) bool {
	d := decoders[what]
	for _, base := range []string{d.base, `{"y":0`} {
		without := fmt.Sprintf("%+v", d.read([]byte(base+"}")))
		for _, v := range probes {
			row := []byte(base)
			for _, name := range names {
				row = append(row, `,"`+name+`":`+v...)
			}
			if fmt.Sprintf("%+v", d.read(append(row, '}'))) != without {
				return true
			}
		}
	}
	return false
}

// readAmong are those of the fields that the decoder reads, found by halving.
func readAmong(what Rows, names []string) []string {
	if len(names) == 0 || !decoderReads(what, names...) {
		return nil
	}
	if len(names) == 1 {
		return names
	}
	half := len(names) / 2
	return append(readAmong(what, names[:half]), readAmong(what, names[half:])...)
}

// What the tables call read is what the decoders read: neither more nor less.
func TestTheTablesOfFieldsAreWhatTheDecodersRead(t *testing.T) {
	t.Parallel()
	names := literals(t)
	if len(names) < 200 {
		t.Fatalf("only %d texts in the sources: they are not found", len(names))
	}
	if decoderReads(RowsOffers, "nobody_reads_this") || !slices.Equal(readAmong(RowsOffers, []string{"nobody", "dph_total", "reads"}), []string{"dph_total"}) {
		t.Fatal("what a decoder reads is not found out")
	}
	for what, table := range wireTables() {
		unlisted := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
			own := name == "success" || what == RowsPages && name == "instances" // of every answer
			return own || table.fields[name] != nil
		})
		for _, name := range readAmong(what, unlisted) {
			t.Errorf("%s: the decoder reads %q, and the table of its fields lacks it: add it there with what is lost without it", what, name)
		}
		for name, f := range table.fields {
			if !strings.Contains(name, ".") && !decoderReads(what, name) {
				t.Errorf("%s: %q is in the table of fields that are read, and the decoder does not read it", what, name)
			}
			if table.known[name] {
				t.Errorf("%s: %q is both read and known as not read", what, name)
			}
			if f.lost == "" || strings.HasSuffix(f.lost, ".") || f.form.words == "" {
				t.Errorf("%s: %q does not say what is lost without it, as half a sentence: %q", what, name, f.lost)
			}
			if f.or != "" && table.fields[f.or] == nil {
				t.Errorf("%s: %q stands in for %q, which is not read", what, f.or, name)
			}
		}
	}
}

// A decoder that begins to read another field is noticed: the names it may be are all
// texts of the sources, and each is tried.
func TestAFieldThatOnlyTheDecoderKnowsIsNoticed(t *testing.T) {
	t.Parallel()
	names := literals(t)
	for what, table := range wireTables() {
		for name := range table.fields {
			if !strings.Contains(name, ".") && !slices.Contains(names, name) {
				t.Errorf("%s: taking %q out of its table would not be noticed", what, name)
			}
		}
	}
}

// asked asks a world for all that doctor asks for, and gives the drift of each kind.
func asked(t *testing.T, world *vastsim.World) map[Rows]Drift {
	t.Helper()
	api, err := New(WithTransport(world.Transport()), WithIntervals(Intervals{}), WithKey(KeyFunc(func() string { return "key" })))
	if err != nil {
		t.Fatal(err)
	}
	shapes := map[Rows]*Shape{}
	ctx := WithShapes(t.Context(), func(s Shape) {
		if shapes[s.What] == nil {
			shapes[s.What] = &Shape{}
		}
		shapes[s.What].Add(s)
	})
	if _, err := api.User(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := api.Instances(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := api.Volumes(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := api.SearchOffers(ctx, OfferSearch{Limit: 64}); err != nil {
		t.Fatal(err)
	}
	out := map[Rows]Drift{}
	for what, s := range shapes {
		out[what] = s.Drift()
	}
	return out
}

func TestTheSimulatorDoesNotDrift(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]vastsim.Option{
		"usual": nil, "empty": {vastsim.WithEmptyAccount()}, "one": {vastsim.WithInstances(1)}, "many": {vastsim.WithInstances(60)},
		"troubles": {vastsim.WithTroubles()}, "other": {vastsim.WithSeed(7)}, "few offers": {vastsim.WithOffers(3)},
	} {
		world := vastsim.New(opts...)
		for what, d := range asked(t, world) {
			if len(d.Deviations) > 0 || d.Unread > 0 || d.Harms() {
				t.Errorf("%s: %s: %+v", name, what, d)
			}
			if d.Rows == 0 && (what == RowsOffers || what == RowsAccount || what == RowsPages) {
				t.Errorf("%s: no %s were looked at", name, what)
			}
		}
		world.Close()
	}
}

// The oddities of real answers are none: numbers as texts, nulls, fields left out.
func TestRecordedAnswersDoNotDrift(t *testing.T) {
	t.Parallel()
	for file, kinds := range map[string][]Rows{
		"offers.json": {RowsOffers}, "offers_empty.json": {RowsOffers}, "volumes.json": {RowsVolumes}, "user.json": {RowsAccount},
		"instances_page1.json": {RowsInstances, RowsPages}, "instances_page2.json": {RowsInstances, RowsPages},
	} {
		raw, err := os.ReadFile(filepath.Join("testdata/wire", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, what := range kinds {
			s, err := ShapeOf(what, raw)
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			if d := s.Drift(); len(d.Deviations) > 0 {
				t.Errorf("%s: %s: %+v", file, what, d.Deviations)
			}
		}
	}
}

// drifted is a world whose answers have changed, as the faults say.
func drifted(t *testing.T, faults ...string) map[Rows]Drift {
	t.Helper()
	world := vastsim.New(vastsim.WithQuietMarket())
	t.Cleanup(world.Close)
	for _, text := range faults {
		f, err := vastsim.ParseFault(text)
		if err != nil {
			t.Fatal(err)
		}
		world.Fault(f)
	}
	return asked(t, world)
}

func TestAFieldThatWasRenamedIsGoneAndNew(t *testing.T) {
	t.Parallel()
	d := drifted(t, "rename=inet_down_cost>inet_down_price:POST:/api/v0/bundles/")
	offers := d[RowsOffers]
	want := []Deviation{
		{Field: "inet_down_cost", Change: FieldGone, Was: "a number", Of: 64, Means: "the price of traffic received shows as –, and costs leave it out", Other: "inet_down_price"},
		{Field: "inet_down_price", Change: FieldNew, Is: "a number", In: 64, Of: 64, Other: "inet_down_cost"},
	}
	if !reflect.DeepEqual(offers.Deviations, want) || !offers.Harms() || offers.Count(FieldGone) != 1 || offers.Count(FieldNew) != 1 {
		t.Errorf("%+v", offers)
	}
	for what, other := range d {
		if what != RowsOffers && len(other.Deviations) > 0 {
			t.Errorf("%s: %+v", what, other)
		}
	}
}

func TestANumberThatBecameWordsIsToldWithWhatIsLost(t *testing.T) {
	t.Parallel()
	d := drifted(t, "words=dph_base:GET:/api/v1/instances/", "add=colour:GET:/api/v0/users/current/")
	v := d[RowsInstances].Deviations
	if len(v) != 1 || v[0].Field != "dph_base" || v[0].Change != FieldForm || v[0].Was != "a number" || v[0].Is != "a text" || v[0].Means == "" || v[0].In != v[0].Of {
		t.Errorf("%+v", v)
	}
	if a := d[RowsAccount]; len(a.Deviations) != 1 || a.Deviations[0].Field != "colour" || a.Deviations[0].Change != FieldNew || a.Harms() {
		t.Errorf("%+v", a)
	}
}

// A number that is written as text is still read: it is told once it is the rule, and
// costs nobody anything.
func TestNumbersAsTextAreToldAndDoNoHarm(t *testing.T) {
	t.Parallel()
	d := drifted(t, "string-numbers:POST:/api/v0/bundles/")[RowsOffers]
	if d.Harms() || d.Count(FieldForm) == 0 || d.Count(FieldForm) != len(d.Deviations) {
		t.Errorf("%+v", d)
	}
}

func TestWithoutIdsNoRowCanBeReadAndTheFieldIsNamed(t *testing.T) {
	t.Parallel()
	d := drifted(t, "rename=id>instance_id:GET:/api/v1/instances/")[RowsInstances]
	if d.Unread != d.Rows || d.Rows == 0 || d.Why != "the row has no id" || d.Count(FieldGone) != 1 || d.Deviations[0].Field != "id" || d.Deviations[0].Other != "instance_id" {
		t.Errorf("%+v", d)
	}
}

func TestAFieldThatIsGoneInsideOfAnotherIsNamed(t *testing.T) {
	t.Parallel()
	raw := []byte(`{"instances":[{"id":1,"instance":{"perHour":1},"search":{"totalHour":2}}],"next_token":null,"total_instances":1}`)
	s, err := ShapeOf(RowsInstances, raw)
	if err != nil {
		t.Fatal(err)
	}
	var gone, fresh []string
	for _, v := range s.Drift().Deviations {
		if strings.Contains(v.Field, ".") && v.Change == FieldGone {
			gone = append(gone, v.Field)
		}
		if v.Change == FieldNew {
			fresh = append(fresh, v.Field)
		}
	}
	if !slices.Equal(gone, []string{"instance.totalHour"}) || !slices.Equal(fresh, []string{"instance.perHour"}) {
		t.Errorf("gone %v, new %v", gone, fresh)
	}
}

// Without its token a list looks whole after 25 instances: that must not go unsaid.
func TestAListWithoutItsTokenIsTold(t *testing.T) {
	t.Parallel()
	s, err := ShapeOf(RowsPages, []byte(`{"success":true,"instances":[],"total_instances":60,"cursor":"abc"}`))
	if err != nil {
		t.Fatal(err)
	}
	d := s.Drift()
	if d.Count(FieldGone) != 1 || d.Deviations[0].Field != "next_token" || !d.Harms() {
		t.Errorf("%+v", d)
	}
}

// Fields that may be absent or null are never gone, however many rows lack them.
func TestOptionalFieldsAreNeverGone(t *testing.T) {
	t.Parallel()
	for what, table := range wireTables() {
		if table.list == "" {
			continue
		}
		rows := make([]map[string]any, enough+3)
		for n := range rows {
			rows[n] = map[string]any{}
			for _, f := range table.order {
				if f.told != sometimes && !strings.Contains(f.name, ".") {
					rows[n][f.name] = sample(f.form)
				}
			}
			rows[n]["id"] = n + 1
		}
		raw, err := json.Marshal(map[string]any{table.list: rows})
		if err != nil {
			t.Fatal(err)
		}
		s, err := ShapeOf(what, raw)
		if err != nil {
			t.Fatal(err)
		}
		if d := s.Drift(); len(d.Deviations) > 0 || d.Unread > 0 {
			t.Errorf("%s: %+v", what, d)
		}
	}
}

func sample(f form) any {
	switch f.kinds[0] {
	case '"':
		return "text"
	case 't':
		return true
	case '[':
		return []any{}
	case '{':
		return map[string]any{"totalHour": 1}
	}
	return 1
}

// A field that may be null says something only when many rows are without it.
func TestAFieldIsEmptyOnlyWhenItSaysSomething(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field string
		rows  int
		want  Change
	}{{"dlperf", 3, ""}, {"dlperf", enough, FieldEmpty}, {"machine_id", 1, FieldEmpty}, {"cluster_id", 100, ""}, {"reliability", 100, ""}} {
		var rows []string
		for n := range c.rows {
			rows = append(rows, fmt.Sprintf(`{"id":%d,"reliability2":1,%q:null}`, n+1, c.field))
		}
		s, err := ShapeOf(RowsOffers, []byte(`{"offers":[`+strings.Join(rows, ",")+`]}`))
		if err != nil {
			t.Fatal(err)
		}
		var got Change
		for _, v := range s.Drift().Deviations {
			if v.Field == c.field {
				got = v.Change
			}
		}
		if got != c.want {
			t.Errorf("%s null in %d rows: %q, want %q", c.field, c.rows, got, c.want)
		}
	}
}

func TestHostileAnswersAreLookedAtWithinBounds(t *testing.T) {
	t.Parallel()
	var row strings.Builder
	row.WriteString(`{"id":1,"\u001b[2J\u202e":1`)
	for n := range 5000 {
		fmt.Fprintf(&row, `,"field_%d":%d`, n, n)
	}
	body := `{"offers":[` + strings.Repeat(row.String()+"},", 3) + row.String() + "}]}"
	s, err := ShapeOf(RowsOffers, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	sum := Shape{}
	sum.Add(s)
	d := sum.Drift()
	if n := d.Count(FieldNew); n == 0 || n > mostShapedNames {
		t.Errorf("%d new fields", n)
	}
	late := `{"offers":[` + row.String() + `,"machine_id":5}]}`
	if s, err := ShapeOf(RowsOffers, []byte(late)); err != nil || slices.ContainsFunc(s.Drift().Deviations, func(v Deviation) bool { return v.Field == "machine_id" }) {
		t.Errorf("%v: a field behind 5,000 others is not found", err)
	}
	for _, v := range d.Deviations {
		if strings.ContainsAny(v.Field, "\x1b\u202e") {
			t.Errorf("%q is not inert", v.Field)
		}
	}
	for _, broken := range []string{"", "[]", "null", `{"offers":7}`, `{"offers":[{"id":1`, `{"offers":[}`, "<html>"} {
		if s, err := ShapeOf(RowsOffers, []byte(broken)); err == nil {
			t.Errorf("%q: %+v", broken, s)
		}
	}
	many := `{"offers":[` + strings.Repeat(`{"id":1},7,`, 400) + `{"id":2}]}`
	if s, err := ShapeOf(RowsOffers, []byte(many)); err != nil || s.Rows != mostShaped || s.Unread != mostShaped/2 || s.Why != "the row is no object" {
		t.Errorf("%v, %d rows, %d unread, %q", err, s.Rows, s.Unread, s.Why)
	}
}

// A shape is asked for: without it no answer is looked at, and what is read stays the same.
func TestLookingAtAnswersChangesNothing(t *testing.T) {
	t.Parallel()
	world := vastsim.New(vastsim.WithQuietMarket())
	defer world.Close()
	api, err := New(WithTransport(world.Transport()), WithIntervals(Intervals{}), WithKey(KeyFunc(func() string { return "key" })))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := api.Volumes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	looked, err := api.Volumes(WithShapes(t.Context(), func(s Shape) {
		if s.What == RowsVolumes {
			told++
		}
	}))
	if err != nil || told != 1 || len(plain.Volumes) != len(looked.Volumes) {
		t.Errorf("%v, told %d times, %d and %d volumes", err, told, len(plain.Volumes), len(looked.Volumes))
	}
	if len(world.Calls(http.MethodGet, "/api/v0/volumes")) != 2 {
		t.Error("looking costs a request")
	}
}
