package offerql

import (
	"encoding/json"
	"errors"
	"testing"

	"vastdeck/vastapi"
)

// FuzzParse: no text makes the parser panic; what it accepts prints as a text
// that means the same; what it refuses it points at.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", " ", "gpu_name=RTX_4090 num_gpus>=2 dph<0.6 4090 -CN", "gpu_ram=24..48 cpu_ram<=64GB",
		`geolocation not in ['KP',"SY",eu] "new york"|texas -xeon|epyc`, "driver_version!=535.86 driver_version<=550",
		"gpu_name=RTX 4070S Ti num_gpus in[1,2]", "verified=any external=null rentable=1", "reliability>=99% duration>12h",
		`mobo_name="ROME D8" mobo_name!=ROME_D8 cpu_name="it's"`, "gpu_ram!=24564MB disk=1TB..2TB", "num_gpus=1,2,4 gpu=4090",
		"gpu_name='H100' gpu=RTX_6090", "\u00a0dph\u2003<\t1", "id in 1,2 -\"a b\"", "[[,]] ^^ \"", "dph<1e-7", "-\xff", "a|b|\"c d\"", "~^RTX.40 -~xeon !CN !~x 4090 ~texas", `gpu_name~"^RTX 40" cpu_name!~(ep|xe) ~'a"b'|x`,
		`~=a"b'c foo !~=x geolocation ~ "=x"`, "~(a", "~[z-a] ~a**", "region~texas 4090|~a|b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, parse := range []func(string) (Query, error){Parse, ParseVolumes} {
			q, err := parse(s)
			if err != nil {
				checkError(t, s, err)
				continue
			}
			checkQuery(t, s, q, parse)
		}
	})
}

func checkError(t *testing.T, s string, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%q: error of type %T", s, err)
	}
	if e.Col < 0 || e.Len < 0 || e.Col+e.Len > len(s) && len(s) > 0 || e.Text == "" || e.Kind == "" {
		t.Fatalf("%q: error out of the text: %+v", s, e)
	}
}

func checkQuery(t *testing.T, s string, q Query, parse func(string) (Query, error)) {
	t.Helper()
	printed := q.String()
	again, err := parse(printed)
	if err != nil {
		t.Fatalf("%q prints as %q, which is refused: %v", s, printed, err)
	}
	if !again.Equal(q) || again.String() != printed {
		t.Fatalf("%q prints as %q, which means %q", s, printed, again.String())
	}
	filter, err := json.Marshal(q.Filter(true))
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	if other, _ := json.Marshal(again.Filter(true)); string(other) != string(filter) {
		t.Fatalf("%q: filters %s and %s", s, filter, other)
	}
	if len(q.Explain()) != len(q.Terms()) {
		t.Fatalf("%q: %d terms, explained %q", s, len(q.Terms()), q.Explain())
	}
	if !q.Narrows(Query{}) || !q.Narrows(q) {
		t.Fatalf("%q does not narrow itself or nothing", s)
	}
	q.Match(&vastapi.Offer{})
}
