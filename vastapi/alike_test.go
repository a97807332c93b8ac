package vastapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// recordedFields are the fields of a recorded offer, as they were written.
func recordedFields(tb testing.TB) []map[string]json.RawMessage {
	tb.Helper()
	data, err := os.ReadFile("testdata/wire/offers.json")
	if err != nil {
		tb.Fatal(err)
	}
	var recorded struct{ Offers []map[string]json.RawMessage }
	if err := json.Unmarshal(data, &recorded); err != nil || len(recorded.Offers) < 2 {
		tb.Fatal(len(recorded.Offers), err)
	}
	return recorded.Offers
}

// bend changes a row in one of the ways in which rows differ from each other.
func bend(random *rand.Rand, fields []string) []string {
	n := random.IntN(len(fields))
	switch random.IntN(7) {
	case 0: // another order
		random.Shuffle(len(fields), func(a, b int) { fields[a], fields[b] = fields[b], fields[a] })
	case 1: // fields are missing
		fields = slices.Delete(fields, n, min(n+3, len(fields)))
	case 2: // fields nobody knows
		fields = slices.Insert(fields, n, `"num_gpus_x":9`, `"":1`, `"num_gpu":8`)
	case 3: // the same field twice, the last holds
		fields = slices.Insert(fields, n, `"num_gpus":7`, `"gpu_name":"First"`)
	case 4: // white space around the colon
		fields[n] = strings.Replace(fields[n], `":`, "\" \n:\t", 1)
	case 5: // letters of the name are escaped
		fields[n] = `"` + fmt.Sprintf(`\u%04x`, fields[n][1]) + fields[n][2:]
	case 6: // a name that another one begins with
		fields[n] = strings.Replace(fields[n], `":`, `_":`, 1)
	}
	return fields
}

// What is remembered of one row must never change what another one says.
func TestRowsAreReadTogetherAsEachIsReadAlone(t *testing.T) {
	t.Parallel()
	recorded := recordedFields(t)
	random := rand.New(rand.NewPCG(5, 6))
	var rows []string
	for n := range 400 {
		row := maps.Clone(recorded[n%len(recorded)])
		delete(row, "ask_contract_id")
		row["id"] = fmt.Appendf(nil, "%d", n+1)
		var fields []string
		for _, key := range slices.Sorted(maps.Keys(row)) {
			fields = append(fields, fmt.Sprintf("%q:%s", key, row[key]))
		}
		for range random.IntN(3) {
			fields = bend(random, fields)
		}
		rows = append(rows, "{"+strings.Join(fields, ",")+"}")
	}
	together, err := readOffers([]byte(`{"offers":[`+strings.Join(rows, ",")+`]}`), newTexts(maxTexts), len(rows))
	if err != nil {
		t.Fatal(err)
	}
	var alone []Offer
	bad := 0
	for _, row := range rows {
		one, err := readOffers([]byte(`{"offers":[`+row+`]}`), newTexts(maxTexts), 1)
		if err != nil {
			t.Fatal(err)
		}
		alone = append(alone, one.Offers...)
		bad += one.Bad
	}
	if len(together.Offers) != len(alone) || together.Bad != bad || len(alone) < 300 {
		t.Fatalf("%d rows and %d bad ones together, %d and %d alone", len(together.Offers), together.Bad, len(alone), bad)
	}
	for n := range alone {
		if got, want := fmt.Sprintf("%#v", together.Offers[n]), fmt.Sprintf("%#v", alone[n]); got != want {
			t.Fatalf("row %d is read as\n%s, alone\n%s\nfrom %s", n, got, want, rows[n])
		}
	}
}

func TestARowOfMoreFieldsThanAreRememberedIsReadWhole(t *testing.T) {
	t.Parallel()
	var fields []string
	for n := range 3 * maxAlike {
		fields = append(fields, fmt.Sprintf(`"field_%d":{"a":[%d]}`, n, n))
	}
	row := func(id int) string {
		return fmt.Sprintf(`{%s,"id":%d,"num_gpus":%d}`, strings.Join(fields, ","), id, id)
	}
	page, err := readOffers([]byte(`{"offers":[`+row(1)+","+row(2)+`]}`), newTexts(maxTexts), 2)
	if err != nil || len(page.Offers) != 2 || page.Offers[0].NumGPUs != 1 || page.Offers[1].NumGPUs != 2 {
		t.Errorf("%+v, %v", page, err)
	}
}

// A row that cannot be read must leave nothing behind that harms the next one.
func TestABrokenRowHarmsOnlyItself(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{`{"id":5,"num_gpus"}`, `{"id":5,"num_gpus":tru}`, `{"id":5,"num_gpus":}`, `{"id" 5}`, `{id:5}`, `{"id":5 "num_gpus":1}`, `{"num_gpus":3,"id":0}`, `{}`, `7`} {
		page, err := readOffers([]byte(`{"offers":[{"id":1,"num_gpus":1},`+broken+`,{"id":2,"num_gpus":2},{"num_gpus":3,"id":3}]}`), newTexts(maxTexts), 9)
		var got [][2]int
		for _, o := range page.Offers {
			got = append(got, [2]int{int(o.ID), o.NumGPUs})
		}
		if want := [][2]int{{1, 1}, {2, 2}, {3, 3}}; err != nil || page.Bad != 1 || !reflect.DeepEqual(got, want) {
			t.Errorf("beside %s: %v and %d bad ones, %v", broken, got, page.Bad, err)
		}
	}
}
