package offerql

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"vastdeck/vastapi"
)

// officialCase is one query with what the official client's parser makes of it.
type officialCase struct {
	Query    string          `json:"query"`
	Kind     string          `json:"kind"`
	Defaults bool            `json:"defaults"`
	Want     *vastapi.Filter `json:"want"`
	Error    any             `json:"error"`
	Local    []string        `json:"local"`
	Reason   string          `json:"reason"`
}

func readCases(t *testing.T, path string) []officialCase {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var out []officialCase
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var c officialCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatalf("%s: %v: %s", path, err, lines.Bytes())
		}
		out = append(out, c)
	}
	return out
}

func (c officialCase) parse() (Query, error) {
	if c.Kind == "volumes" {
		return ParseVolumes(c.Query)
	}
	return Parse(c.Query)
}

// wire is f as it looks after a journey over the wire, with every text that is a
// number made one, as the server does by column.
func wire(t *testing.T, f vastapi.Filter) any {
	t.Helper()
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return numeric(v)
}

func numeric(v any) any {
	switch v := v.(type) {
	case string:
		if n, err := strconv.ParseFloat(v, 64); err == nil {
			return n
		}
	case []any:
		for i := range v {
			v[i] = numeric(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numeric(v[k])
		}
	}
	return v
}

func TestOfficialQueriesCompileToTheOfficialFilter(t *testing.T) {
	t.Parallel()
	differences := map[string]officialCase{}
	for _, d := range readCases(t, "testdata/differences.jsonl") {
		if d.Reason == "" {
			t.Errorf("%q: a difference without a reason", d.Query)
		}
		differences[d.Query] = d
		d.check(t)
	}
	cases := readCases(t, "testdata/query-cases.jsonl")
	if len(cases) < 80 || len(differences) < 20 {
		t.Fatalf("only %d cases and %d differences were read", len(cases), len(differences))
	}
	for _, c := range cases {
		if _, ok := differences[c.Query]; !ok {
			c.check(t)
		}
	}
}

// check compares what the query of c comes to with what c says.
func (c officialCase) check(t *testing.T) {
	t.Helper()
	q, err := c.parse()
	if c.Error != nil {
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: %v, want an error", c.Query, wire(t, q.Filter(c.Defaults)))
		} else if kind, ok := c.Error.(string); ok && string(e.Kind) != kind {
			t.Errorf("%q: error of kind %q, want %q", c.Query, e.Kind, kind)
		}
		return
	}
	if err != nil {
		t.Errorf("%q: %v", c.Query, err)
		return
	}
	if got, want := wire(t, q.Filter(c.Defaults)), wire(t, *c.Want); !reflect.DeepEqual(got, want) {
		t.Errorf("%q:\n got %v\nwant %v", c.Query, got, want)
	}
	if !slices.Equal(q.Local(), c.Local) {
		t.Errorf("%q: only applied locally: %q, want %q", c.Query, q.Local(), c.Local)
	}
}
