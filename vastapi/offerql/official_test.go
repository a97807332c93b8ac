package offerql

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vastdeck/vastapi"
)

// sortedJSON is a filter as text, its lists sorted.
func sortedJSON(t *testing.T, text string) string {
	t.Helper()
	var f vastapi.Filter
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return fmt.Sprint(normal(f))
}

// normal is a filter with what is equal to the server made the same: lists
// sorted, numbers and texts alike.
func normal(f vastapi.Filter) map[string]map[string]any {
	out := map[string]map[string]any{}
	for column, ops := range f {
		out[column] = map[string]any{}
		for op, v := range ops {
			if list, ok := v.([]any); ok {
				texts := make([]string, len(list))
				for i, x := range list {
					texts[i] = plainValue(x)
				}
				slices.Sort(texts)
				out[column][op] = texts
				continue
			}
			out[column][op] = plainValue(v)
		}
	}
	return out
}

func plainValue(v any) string {
	s := fmt.Sprint(v)
	if n, ok := v.(float64); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return s
}

// The official parser, written anew from its published grammar, to hold against
// what is written for it.
var officialGrammar = regexp.MustCompile(`([a-zA-Z0-9_]+)( *[=><!]+| +(?:lte|lt|gte|gt|eq|neq|noteq|not eq|notin|not in|nin|in) )? *(\[[^\]]+\]|"[^"]+"|[^ ]+)? *`)

func officialParse(t *testing.T, query string, f vastapi.Filter) vastapi.Filter {
	t.Helper()
	ops := map[string]string{"=": "eq", "!=": "neq", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "in": "in", "notin": "notin"}
	multipliers := map[string]float64{"cpu_ram": 1000, "gpu_ram": 1000, "gpu_total_ram": 1000, "duration": 86400}
	for rest := query; rest != ""; {
		m := officialGrammar.FindStringSubmatchIndex(rest)
		if m == nil || m[0] != 0 {
			t.Fatalf("the official parser does not read %q of %q", rest, query)
		}
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return rest[m[2*i]:m[2*i+1]]
		}
		field, op, text := group(1), ops[strings.TrimSpace(group(2))], strings.Trim(group(3), ",[]")
		rest = rest[m[1]:]
		if op == "" || text == "" {
			t.Fatalf("the official parser finds no operator or value for %s in %q", field, query)
		}
		var v any
		switch {
		case field == "driver_version" && strings.Contains(text, "."):
			digits := ""
			for part := range strings.SplitSeq(text, ".") {
				digits += fmt.Sprintf("%03s", part)
			}
			n, err := strconv.ParseInt(digits, 10, 64)
			if err != nil || strings.Count(text, ".") != 2 || op == "in" || op == "notin" {
				t.Fatalf("the official parser refuses the driver %q of %q", text, query)
			}
			v = float64(n)
		case op == "in" || op == "notin":
			var list []any
			for item := range strings.SplitSeq(text, ",") {
				list = append(list, strings.Trim(strings.ReplaceAll(strings.TrimSpace(item), "_", " "), `"`))
			}
			v = list
			if multipliers[field] != 0 {
				t.Fatalf("the official parser crashes at %s in %q", field, query)
			}
		case text == "any" || text == "*" || text == "?":
			delete(f, field)
			continue
		default:
			s := strings.Trim(strings.ReplaceAll(text, "_", " "), `"`)
			v = s
			switch n, err := strconv.ParseFloat(s, 64); {
			case multipliers[field] != 0 && err != nil:
				t.Fatalf("the official parser refuses the number %q of %q", s, query)
			case multipliers[field] != 0:
				v = n * multipliers[field]
			case s == "true" || s == "false":
				v = s == "true"
			case s == "null":
				v = nil
			}
		}
		if f[field] == nil {
			f[field] = map[string]any{}
		}
		f[field][op] = v
	}
	return f
}

// officialFilter is the filter that the official client makes of a line.
func officialFilter(t *testing.T, line string) vastapi.Filter {
	t.Helper()
	words, err := shellWords(line)
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	f, query := vastapi.Filter{"verified": {"eq": true}, "external": {"eq": false}, "rentable": {"eq": true}}, ""
	if words[2].text == "volumes" {
		delete(f, "rentable")
		f["disk_space"] = map[string]any{"gte": 1}
	}
	for i := 3; i < len(words); i++ {
		switch w := words[i].text; w {
		case "-n":
			f = vastapi.Filter{}
		case "-o", "-t", "--storage", "--limit":
			i++
		default:
			query = w
		}
	}
	return officialParse(t, query, f)
}

// What ToOfficial writes means to the official client what the query means here,
// and reads back as the same search.
func TestLinesForTheOfficialClientAskTheSame(t *testing.T) {
	t.Parallel()
	g := generator{rand.New(rand.NewPCG(7, 19)), marketOf(300)}
	whole := 0
	for range 5000 {
		q := g.query()
		o := Official{Query: q, NoDefault: g.IntN(2) == 0}
		if g.IntN(3) == 0 {
			o = OfficialOf(q, [][2]string{{"dph_total", "asc"}, {"score", "desc"}}, vastapi.Interruptible, 40)
		}
		line, lost := ToOfficial(o), o.Lost()
		back, err := FromOfficial(line)
		if err != nil {
			t.Fatalf("%q → %s: %v", q, line, err)
		}
		if !slices.Equal(back.Order, o.Order) || back.Kind != o.Kind || back.Storage != o.Storage {
			t.Fatalf("%s came back as %+v", line, back)
		}
		if again := ToOfficial(back); again != line {
			t.Fatalf("%s\nis written again as\n%s", line, again)
		}
		if len(lost) > len(q.Local()) {
			continue
		}
		whole++
		want := normal(o.Filter())
		if got := normal(officialFilter(t, line)); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q → %s\nofficial client %v\nhere            %v", q, line, got, want)
		}
		if got := normal(back.Filter()); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q → %s\nread back %v\nwas       %v", q, line, got, want)
		}
	}
	if whole < 3000 {
		t.Errorf("only %d of 5000 lines say the whole query", whole)
	}
}

func TestOfficialLinesAreWrittenShort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, line, lost string }{
		{"", "vastai search offers 'rented=false'", ""},
		{"rented=any", "vastai search offers", ""},
		{"gpu_ram=24 rented=any", "vastai search offers 'gpu_ram>=24 gpu_ram<=24.576'", ""},
		{"verified=any rented=any", "vastai search offers -n 'external=false rentable=true'", ""},
		{"verified=false rented=any", "vastai search offers 'verified=false'", ""},
		{"-NORDICS rented=any driver_version>=535", "vastai search offers 'geolocation notin [DK,FI,IS,NO,SE] driver_version>=535.0.00'", ""},
		{"4090 rented=any id=77", "vastai search offers 'gpu_name in [RTX_4090,RTX_4090D] ask_contract_id=77'", ""},
		{`cpu_arch="it's" rented=any`, `vastai search offers 'cpu_arch="it'\''s"'`, ""},
		{"epyc rented=any score>1 mobo_name=ROME_D8 gpu_ram in [24,48] dph<1", "vastai search offers 'dph_total<1'",
			"epyc, score>1, mobo_name=ROME_D8, gpu_ram in [24,48]"},
		{"duration>=7h rented=any", "vastai search offers 'duration>=0.2916666666666667'", ""},
		{"AFRICA rented=any num_gpus=1 -gpu_name=x", "", ""},
	} {
		q, err := Parse(c.query + " ")
		if c.line == "" {
			if err == nil {
				t.Errorf("%q was accepted", c.query)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		o := OfficialOf(q, nil, "", 0)
		if got, lost := ToOfficial(o), strings.Join(o.Lost(), ", "); got != c.line || lost != c.lost {
			t.Errorf("%q: %s, lost %q; want %s, %q", c.query, got, lost, c.line, c.lost)
		}
	}
	q, _ := ParseVolumes("disk_space>=100 region=AFRICA")
	line := ToOfficial(Official{Query: q, Volumes: true, Limit: 20})
	if !strings.HasPrefix(line, "vastai search volumes 'disk_space>=100 geolocation in [AO,") || !strings.HasSuffix(line, "]' --limit 20") || !strings.Contains(line, `"NA"`) {
		t.Errorf("%s", line)
	}
	if back, err := FromOfficial(line); err != nil || !reflect.DeepEqual(normal(back.Filter()), normal(Official{Query: q, Volumes: true}.Filter())) || !back.Volumes || back.Limit != 20 {
		t.Errorf("%s came back as %+v, %v", line, back, err)
	}
}

func TestPastedLinesAreUnderstood(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line  string
		query string
		want  Official
		order string
	}{
		{`vastai search offers 'gpu_name=RTX_4090 num_gpus>=2' -o 'dph_total,score-'`, "gpu_name=RTX_4090 num_gpus>=2", Official{}, "dph_total,score-"},
		{`$ vast search offers "gpu_name=\"RTX 4090\"" --order=dph -n`, "gpu_name=RTX_4090", Official{NoDefault: true}, "dph_total"},
		{"./vast.py search offers -t bid 'dph < 0.5'", "dph_total<0.5", Official{Kind: vastapi.Interruptible}, ""},
		{"python3 vast.py search offers -i num_gpus=1 gpu_ram\\>=24", "num_gpus=1 gpu_ram>=24", Official{Kind: vastapi.Interruptible}, ""},
		{"vastai search offers -rn --storage 40.5 --limit=10", "", Official{Kind: vastapi.Reserved, NoDefault: true, Storage: 40.5, Limit: 10}, ""},
		{"vastai search offers -d -tondemand 'reliability > 0.98' --raw --api-key SECRET | jq .", "reliability>0.98",
			Official{Kind: vastapi.OnDemand, Ignored: []string{"--raw", "--api-key"}}, ""},
		{"VAST_URL=x /usr/bin/vastai --raw search offers 'verified=any'; echo", "verified=any", Official{Ignored: []string{"--raw"}}, ""},
		{"vastai search volumes 'disk_space>=100 region=all' --storage 50", "disk_space>=100 geolocation=any", Official{Volumes: true, Storage: 50}, ""},
		{"  vastai search offers \\\n  'num_gpus=1' \\\n  -o 'score-' # the best", "num_gpus=1", Official{}, "score-"},
		{"vastai search offers “gpu_name=RTX_3090” -o ‘dph’", "gpu_name=RTX_3090", Official{}, "dph_total"},
		{"vastai search offers 'dph<$0.50 -CN'", "dph_total<0.5 -CN", Official{}, ""},
		{"vastai search offers -- -CN", "-CN", Official{}, ""},
		{"vastai search offers '-CN 4090'", "-CN 4090", Official{}, ""},
		{"vastai search offers", "", Official{}, ""},
	} {
		got, err := FromOfficial(c.line)
		if err != nil {
			t.Errorf("%s: %v", c.line, err)
			continue
		}
		query, order := got.Query.String(), FormatOrder(got.Order)
		got.Query, got.Order = Query{}, nil
		if query != c.query || order != c.order || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q, %q, %+v", c.line, query, order, got)
		}
		if !IsOfficial(c.line) {
			t.Errorf("%s is not recognised", c.line)
		}
	}
	for _, text := range []string{"", "4090 dph<1", "search offers", "vastai", "vastai create instance 1", "vastai show instances search",
		"ls search offers", "research vastai", strings.Repeat("vastai search offers ", 2000)} {
		if IsOfficial(text) {
			t.Errorf("%.40q is taken for a line", text)
		}
	}
}

func TestMistakesInPastedLinesArePointedAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line, at string
		kind     ErrorKind
	}{
		{"vastai search offers 'dph<1 foo=2' -o dph", "foo", UnknownField},
		{"  $ vastai search offers \"gpu_name=\\\"RTX 4090\\\" relibility>0.9\"", "relibility", UnknownField},
		{"vastai search offers num_gpus=1 'reliability>99'", "99", BadScale},
		{"vastai search offers 'dph<1' -o 'dph,scor-'", "scor-", UnknownField},
		{"vastai search offers --order=scor", "scor", UnknownField},
		{"vastai search offers -oscor", "scor", UnknownField},
		{"vastai search offers 'dph<1' --frobnicate 3", "--frobnicate", UnknownOption},
		{"vastai search offers 'dph<1' -x", "-x", UnknownOption},
		{"vastai search offers -nx", "-x", UnknownOption},
		{"vastai search volumes -t bid", "-t", UnknownOption},
		{"vastai search offers -t spot", "spot", BadValue},
		{"vastai search offers --limit many", "many", BadValue},
		{"vastai search offers --storage -1", "-1", BadValue},
		{"vastai search offers --raw=yes", "--raw=yes", BadValue},
		{"vastai search offers -o", "-o", BlankValue},
		{"vastai search offers 'dph<1", "'dph<1", BadText},
		{"vastai search offers \"dph<$MAX\"", "$", BadText},
		{"vastai search offers `cat q`", "`", BadText},
		{"vastai search instances x", "instances", BadText},
		{"vastai create instance", "create", BadText},
		{"vastai", "vastai", BadText},
		{"ls -l", "ls", BadText},
		{"vastai search offers 'gpu_name=RTX_4090 dph<'", "dph<", BlankValue},
	} {
		_, err := FromOfficial(c.line)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s was accepted", c.line)
			continue
		}
		if got := c.line[e.Col : e.Col+e.Len]; e.Kind != c.kind && c.kind != BlankValue || !strings.Contains(got, strings.TrimPrefix(c.at, "-")) {
			t.Errorf("%s: %s at %q: %v; want %s at %q", c.line, e.Kind, got, e, c.kind, c.at)
		}
		if strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%v", err)
		}
	}
	if _, err := FromOfficial("vastai search offers --oder dph"); err == nil || !strings.Contains(err.Error(), "--order") {
		t.Errorf("no suggestion: %v", err)
	}
	if _, err := FromOfficial(strings.Repeat("x", maxLine+1)); err == nil {
		t.Error("a line without an end was read")
	}
}

func TestAPastedLineBecomesTheSameMarket(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, text string }{
		{"vastai search offers 'dph<1'", "dph_total<1 rented=any"},
		{"vastai search offers 'dph<1 rented=false verified=any'", "dph_total<1 rented=false verified=any"},
		{"vastai search offers -n 'verified=true'", "verified=true external=any rentable=any rented=any"},
		{"vastai search volumes -n", "verified=any external=any disk_space=any"},
		{"vastai search volumes", ""},
	} {
		o, err := FromOfficial(c.line)
		if err != nil {
			t.Fatal(err)
		}
		q := o.Market()
		if q.String() != c.text {
			t.Errorf("%s: %q, want %q", c.line, q, c.text)
		}
		if got, want := normal(q.WithDefaults().Filter(false)), normal(o.Filter()); !reflect.DeepEqual(got, want) {
			t.Errorf("%s asks %v, the market %v", c.line, want, got)
		}
		if back := ToOfficial(OfficialOf(q, nil, "", 0)); !reflect.DeepEqual(normal(officialFilter(t, back)), normal(o.Filter())) {
			t.Errorf("%s comes back as %s", c.line, back)
		}
	}
}

func FuzzFromOfficial(f *testing.F) {
	for _, s := range []string{"vastai search offers 'a' -o b", "$ vast search volumes \"x\\\"\" -n", "vastai search offers -tbid \\\n --limit=3 'dph<1;' # c",
		"vastai --raw search offers “x” -no score-", "vastai search offers '", "python vast.py search offers -- -CN $1 a'b'c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		IsOfficial(s)
		o, err := FromOfficial(s)
		if err != nil {
			checkError(t, s, err)
			return
		}
		line := ToOfficial(o)
		back, err := FromOfficial(line)
		if err != nil || ToOfficial(back) != line {
			t.Fatalf("%q → %q → %q, %v", s, line, ToOfficial(back), err)
		}
		if strings.ContainsAny(line, "\x1b\r\n") {
			t.Fatalf("%q → %q", s, line)
		}
	})
}
