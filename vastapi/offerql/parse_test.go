package offerql

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func filterOf(t *testing.T, q Query, defaults bool) string {
	t.Helper()
	data, err := json.Marshal(q.Filter(defaults))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestQueriesCompile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, canonical, filter string }{
		// Names, aliases, spelling.
		{"dph<0.5 dph_total>0.1", "dph_total<0.5 dph_total>0.1", `{"dph_total":{"gt":0.1,"lt":0.5}}`},
		{"gpu=rtx_4090", "gpu_name=RTX_4090", `{"gpu_name":{"eq":"RTX 4090"}}`},
		{"gpu_name=RTX 4070S Ti num_gpus=2", "gpu_name=RTX_4070S_Ti num_gpus=2", `{"gpu_name":{"eq":"RTX 4070S Ti"},"num_gpus":{"eq":2}}`},
		{"gpu_name=RTX_6090", `gpu_name="RTX 6090"`, `{"gpu_name":{"eq":"RTX 6090"}}`},
		{"gpu_name=RTX 6090", `gpu_name="RTX 6090"`, `{"gpu_name":{"eq":"RTX 6090"}}`},
		{"gpu_name=RTX PRO  9000 dph<1", `gpu_name="RTX PRO 9000" dph_total<1`, `{"dph_total":{"lt":1},"gpu_name":{"eq":"RTX PRO 9000"}}`},
		{"gpu_name!=RTX PRO 6000 WS", "gpu_name!=RTX_PRO_6000_WS", `{"gpu_name":{"neq":"RTX PRO 6000 WS"}}`},
		{"gpu_name=RTX 4070 us", "gpu_name=RTX_4070 US", `{"geolocation":{"in":["US"]},"gpu_name":{"eq":"RTX 4070"}}`},
		{`gpu_name="H100"`, `gpu_name="H100"`, `{"gpu_name":{"eq":"H100"}}`},
		{`gpu_name!="RTX 3090"num_gpus=1`, "gpu_name!=RTX_3090 num_gpus=1", `{"gpu_name":{"neq":"RTX 3090"},"num_gpus":{"eq":1}}`},
		{"mobo_name=ROME_D8", "mobo_name=ROME_D8", `{"mobo_name":{"eq":"ROME_D8"}}`},
		{"mobo_name='ROME D8'", `mobo_name="ROME D8"`, `{"mobo_name":{"eq":"ROME D8"}}`},
		{"id=77", "id=77", `{"ask_contract_id":{"eq":77}}`},
		// Spaces of every kind.
		{"\tnum_gpus\u00a0>=\n2\u2003", "num_gpus>=2", `{"num_gpus":{"gte":2}}`},
		// Lists.
		{"gpu_name=RTX_4090,RTX_5090", "gpu_name in [RTX_4090,RTX_5090]", `{"gpu_name":{"in":["RTX 4090","RTX 5090"]}}`},
		{"num_gpus!=3|5", "num_gpus notin [3,5]", `{"num_gpus":{"notin":[3,5]}}`},
		{`cpu_arch in ["amd64", 'arm64']`, "cpu_arch in [amd64,arm64]", `{"cpu_arch":{"in":["amd64","arm64"]}}`},
		{`mobo_name in ["a, b", c]`, `mobo_name in ["a, b",c]`, `{"mobo_name":{"in":["a, b","c"]}}`},
		{"num_gpus in 1..4", "num_gpus=1..4", `{"num_gpus":{"gte":1,"lte":4}}`},
		{"num_gpus>=2, dph<0.5", "num_gpus>=2 dph_total<0.5", `{"dph_total":{"lt":0.5},"num_gpus":{"gte":2}}`},
		// Repeated fields: both are kept, and sent as the one that says both.
		{"dph<1 dph<2", "dph_total<1 dph_total<2", `{"dph_total":{"lt":1}}`},
		{"num_gpus>=2 num_gpus>=4", "num_gpus>=2 num_gpus>=4", `{"num_gpus":{"gte":4}}`},
		{"num_gpus!=1 num_gpus!=3 num_gpus!=1", "num_gpus!=1 num_gpus!=3 num_gpus!=1", `{"num_gpus":{"notin":[1,3]}}`},
		{"num_gpus notin [1,2] num_gpus!=3", "num_gpus notin [1,2] num_gpus!=3", `{"num_gpus":{"notin":[1,2,3]}}`},
		{"num_gpus in [1,2] num_gpus in [2,4]", "num_gpus in [1,2] num_gpus in [2,4]", `{"num_gpus":{"in":[2]}}`},
		// Sizes, units, ranges.
		{"gpu_ram=24", "gpu_ram=24", `{"gpu_ram":{"gte":24000,"lte":24576}}`},
		{"gpu_ram<=24", "gpu_ram<=24", `{"gpu_ram":{"lte":24576}}`},
		{"gpu_ram<=23.5", "gpu_ram<=23.5", `{"gpu_ram":{"lte":24064}}`},
		{"gpu_ram<=11.3", "gpu_ram<=11.3", `{"gpu_ram":{"lte":11572}}`},
		{"gpu_ram=24..48", "gpu_ram=24..48", `{"gpu_ram":{"gte":24000,"lte":49152}}`},
		{"gpu_ram=24..48gb", "gpu_ram=24..48", `{"gpu_ram":{"gte":24000,"lte":49152}}`},
		{"gpu_ram>=24GB", "gpu_ram>=24", `{"gpu_ram":{"gte":24000}}`},
		{"gpu_ram>24g gpu_ram<48 GB", "", ""},
		{"gpu_ram>24 UK", `gpu_ram>24 "GB"`, `{"geolocation":{"in":["GB"]},"gpu_ram":{"gt":24000}}`},
		{"UK|USA gpu_ram>24", "GB|US gpu_ram>24", `{"geolocation":{"in":["GB","US"]},"gpu_ram":{"gt":24000}}`},
		{"gpu_ram=24564MiB", "gpu_ram=24564MB", `{"gpu_ram":{"eq":24564}}`},
		{"gpu_ram>=24GiB", "gpu_ram>=24576MB", `{"gpu_ram":{"gte":24576}}`},
		{"cpu_ram=64", "cpu_ram=64", `{"cpu_ram":{"eq":64000}}`},
		{"cpu_ram=64..128", "cpu_ram=64..128", `{"cpu_ram":{"gte":64000,"lte":131072}}`},
		{"disk>=1TB", "disk_space>=1000", `{"disk_space":{"gte":1000}}`},
		{"duration>=7h", "duration>=7h", `{"duration":{"gte":25200}}`},
		{"duration=12..36h", "duration=12h..36h", `{"duration":{"gte":43200,"lte":129600}}`},
		{"duration=1d..36h", "duration=1d..36h", `{"duration":{"gte":86400,"lte":129600}}`},
		{"gpu_ram=16GB..24564MB", "gpu_ram=16GB..24564MB", `{"gpu_ram":{"gte":16000,"lte":24564}}`},
		{"gpu_ram=24564MB..48", "gpu_ram=24564MB..48", `{"gpu_ram":{"gte":24564,"lte":49152}}`},
		{"duration>=0.5", "duration>=12h", `{"duration":{"gte":43200}}`},
		{"duration>=90min", "duration>=0.0625", `{"duration":{"gte":5400}}`},
		{"duration>=2w", "duration>=14", `{"duration":{"gte":1209600}}`},
		{"reliability>=99%", "reliability>=0.99", `{"reliability":{"gte":0.99}}`},
		{"dph<$0.60 min_bid<0.2/h", "dph_total<0.6 min_bid<0.2", `{"dph_total":{"lt":0.6},"min_bid":{"lt":0.2}}`},
		{"inet_down>=1gbps", "inet_down>=1000", `{"inet_down":{"gte":1000}}`},
		{"dph>1e-3 dph<+.5", "dph_total>0.001 dph_total<0.5", `{"dph_total":{"gt":0.001,"lt":0.5}}`},
		// Versions: a shorter one stands for all that begin with it.
		{"driver_version=535", "driver_version=535", `{"driver_version":{"gte":535000000,"lte":535999999}}`},
		{"driver_version<=535.86", "driver_version<=535.86", `{"driver_version":{"lte":535086999}}`},
		{"driver_version<535.86.05", "driver_version<535.86.05", `{"driver_version":{"lt":535086005}}`},
		{"driver_version>535", "driver_version>535", `{"driver_version":{"gt":535999999}}`},
		// Flags and null.
		{"verified=YES", "", ""},
		{"verified=yes rentable!=false", "verified=true rentable!=false", `{"rentable":{"neq":false},"verified":{"eq":true}}`},
		{"static_ip in [true]", "static_ip in [true]", `{"static_ip":{"in":[true]}}`},
		{"score=null", "score=null", `{}`},
		{"min_bid!=null", "min_bid!=null", `{"min_bid":{"neq":null}}`},
		{`verification="null"`, `verification="null"`, `{"verification":{"eq":"null"}}`},
		// Places.
		{"geolocation=de", "geolocation=DE", `{"geolocation":{"eq":"DE"}}`},
		{"country=germany", "geolocation=DE", `{"geolocation":{"eq":"DE"}}`},
		{"geolocation=NORDICS", "geolocation=NORDICS", `{"geolocation":{"in":["DK","FI","IS","NO","SE"]}}`},
		{"geolocation!=nordics", "geolocation!=NORDICS", `{"geolocation":{"notin":["DK","FI","IS","NO","SE"]}}`},
		{"geolocation in [na,DE]", "geolocation in [NA,DE]", `{"geolocation":{"in":["CA","MX","US","DE"]}}`},
		// Words.
		{"4090 -CN", "4090 -CN", `{"geolocation":{"notin":["CN"]},"gpu_name":{"in":["RTX 4090","RTX 4090D"]}}`},
		{"RTX 4090", "RTX 4090", `{"gpu_name":{"in":["RTX 4090","RTX 4090D"]}}`},
		{"rtx4090 RTX-3090ti", "", ""},
		{"rtx4090d", "rtx4090d", `{"gpu_name":{"in":["RTX 4090D"]}}`},
		{"-RTX-3090|3090ti", "-RTX-3090|3090ti", `{"gpu_name":{"notin":["RTX 3090","RTX 3090 Ti"]}}`},
		{"gpu_name=rtx4090", "gpu_name=RTX_4090", `{"gpu_name":{"eq":"RTX 4090"}}`},
		{"-cn -ru", "-CN -RU", `{"geolocation":{"notin":["CN","RU"]}}`},
		{"4090D|A40 us|Canada", "4090D|A40 US|CA", `{"geolocation":{"in":["US","CA"]},"gpu_name":{"in":["RTX 4090D","A40","RTX A4000"]}}`},
		{"-4090|cn", "-4090|CN", `{"geolocation":{"notin":["CN"]},"gpu_name":{"notin":["RTX 4090","RTX 4090D"]}}`},
		{`"South Korea"`, "KR", `{"geolocation":{"in":["KR"]}}`},
		{"south_korea", "KR", `{"geolocation":{"in":["KR"]}}`},
		{"IN ID", "", ""},
		{"epyc -texas", "epyc -texas", `{}`},
		{`"dp" "new york"`, `"dp" new_york`, `{}`},
		{"gpu_name!=RTX_4090 4090", "gpu_name!=RTX_4090 4090", `{"gpu_name":{"in":["RTX 4090","RTX 4090D"],"neq":"RTX 4090"}}`},
	} {
		q, err := Parse(c.query)
		if c.filter == "" {
			if err == nil {
				t.Errorf("%q was accepted as %q", c.query, q)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", c.query, err)
			continue
		}
		if got := q.String(); got != c.canonical {
			t.Errorf("%q prints as %q, want %q", c.query, got, c.canonical)
		}
		if got := filterOf(t, q, false); got != c.filter {
			t.Errorf("%q compiles to\n%s, want\n%s", c.query, got, c.filter)
		}
	}
}

func TestMistakesArePointedAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query   string
		kind    ErrorKind
		at      string // the text that is pointed at
		suggest string
		says    string // part of the message
	}{
		// What is being typed.
		{"dph<", Unfinished, "dph<", "", "value"},
		{"4090 gpu_na", Unfinished, "gpu_na", "", ""},
		{"num_gpus", Unfinished, "num_gpus", "", ""},
		{"num_gpus!", Unfinished, "!", "!=", ""},
		{"num_gpus in", Unfinished, "num_gpus in", "", ""},
		{"num_gpus in [1,2", Unfinished, "[1,2", "", ""},
		{`gpu_name="RTX`, Unfinished, `"RTX`, "", ""},
		{"-", Unfinished, "-", "", ""},
		{"verified=tr", Unfinished, "tr", "", ""},
		{"gpu_name=RTX_409", Unfinished, "RTX_409", "[RTX_4090,RTX_4090D]", ""},
		{"geolocation=ger", Unfinished, "ger", "", ""},
		{"gpu_ram=24..", Unfinished, "24..", "", ""},
		{"dph<$", Unfinished, "$", "", ""},
		{"gpu_ram>=24m", "", "", "", ""},
		{"gpu_ram>=24gi", Unfinished, "24gi", "", ""},
		{"driver_version>=535.", Unfinished, "535.", "", ""},
		{"4090|", Unfinished, "4090|", "", ""},
		// What is wrong.
		{"numgpus=1", UnknownField, "numgpus", "num_gpus", "numgpus"},
		{"dhp<1", UnknownField, "dhp", "dph", ""},
		{"foo=bar", UnknownField, "foo", "", ""},
		{"4090>3", UnknownField, "4090", "", ""},
		{"num_gpus=>1", BadOperator, "=>", ">=", ""},
		{"num_gpus<>1", BadOperator, "<>", "!=", ""},
		{"num_gpus dph<1", BadOperator, "num_gpus", "", "operator"},
		{"gpu_name>RTX_4090", BadOperator, ">", "=", "order"},
		{"verified>true", BadOperator, ">", "=", ""},
		{"dph<1 and dph>0", BadOperator, "and", "", "all terms"},
		{"4090 or 5090", BadOperator, "or", "", "a|b"},
		{"24GB", BadOperator, "24GB", "gpu_ram=24GB", "field"},
		{"(dph<1)", BadText, "(dph<1)", "", "brackets"},
		{"^^^", BadText, "^^^", "", ""},
		{"4090 && 5090", BadText, "&&", "", "between terms"},
		{"!=4090", BadText, "!=4090", "", "a term should begin"},
		{"dph<-1", BadScale, "-1", "", "no price is below $0"},
		{"num_gpus>=-2", BadScale, "-2", "", "num_gpus is never below 0"},
		{"gpu_ram>99TB", BadScale, "99TB", "", "never above 8,000 GB"},
		{"gpu_ram>=24576", BadScale, "24576", "24", ""},
		{"gpu_ram=24..81920", BadScale, "24..81920", "", ""},
		{"duration>=86400", BadScale, "86400", "1", "36,500 days"},
		{"num_gpus>=1e9", BadScale, "1e9", "", "1,024"},
		{"dph<1e6", BadScale, "1e6", "", "$10,000/h"},
		{"storage_cost<-0.1", BadScale, "-0.1", "", "never below 0"},
		{"reliability>=-1%", BadScale, "-1%", "", "below 0"},
		{"reliability>=990", BadScale, "990", "", "between 0 and 1"},
		{"dph<1e400", BadNumber, "1e400", "", "too large"},
		{"dph<NaN", BadNumber, "NaN", "", ""},
		// Patterns.
		{"~", Unfinished, "~", "", "missing"},
		{"~ 4090", BlankValue, "~", "", "missing"},
		{"4090 ~(a", Unfinished, "(a", "", "not closed"},
		{"~(a dph<1", BadPattern, "(a", "", "not closed"},
		{"~rtx[z-a]", BadPattern, "z-a", "", "ends before"},
		{"~*x", BadPattern, "*", "", "nothing to repeat"},
		{"-~x**", BadPattern, "**", "", "two repetitions"},
		{"~x{1001}", BadPattern, "{1001}", "", "above 1000"},
		{"~(abc{30}){30}", BadPattern, "(abc{30}){30}", "", "repeats too much"},
		{"~x(?<a", BadPattern, "(?<a", "", "no such group"},
		{"~\"\"", BlankValue, "", "", "nothing"},
		{"gpu_name~\"a\"b", BadText, "b", "", "space"},
		{"gpu_name~", Unfinished, "~", "", "missing"},
		{"gpu_name=~4090", BadOperator, "=~", "~", ""},
		{"num_gpus~4", BadOperator, "~", "=", "no text"},
		{"~" + strings.Repeat("x", 129), BadPattern, strings.Repeat("x", 129), "", "128 bytes"},
		{"-dph<1", BadText, "-", "", "words only"},
		{"num_gpus in 1, 2", BadValue, "1,", "", "brackets"},
		{"num_gpus in []", BlankValue, "[]", "", "missing"},
		{`gpu_name=""`, BlankValue, `""`, "", ""},
		{"dph<abc", BadNumber, "abc", "", "number"},
		{"dph<0.5,num_gpus=1", BadNumber, "0.5,num_gpus=1", "", "space"},
		{"dph<0x10", BadNumber, "0x10", "", ""},
		{"dph<inf", BadNumber, "inf", "", ""},
		{"dph<nan", BadNumber, "nan", "", ""},
		{"dph<1_000", BadNumber, "1_000", "", ""},
		{"dph<1e999", BadNumber, "1e999", "", ""},
		{"gpu_ram=lots", BadNumber, "lots", "", "GB"},
		{"dph<24GB", BadNumber, "24GB", "", "no unit"},
		{"inet_up_cost<0.1/h", BadNumber, "0.1/h", "", ""},
		{"inet_down>50MB/s", BadNumber, "50MB/s", "", "Mbit/s"},
		{"price<1", UnknownField, "price", "dph", ""},
		{"gpu_ram=24,48", BadNumber, "24,48", "", "24..48"},
		{"gpu_ram<48 GB", BadValue, "48 GB", "48GB", "space"},
		{"gpu_ram>=24 g", Unfinished, "g", "", ""},
		{"duration>3 h 4090", BadValue, "3 h", "3h", "space"},
		{"dph<1|2", BadNumber, "1|2", "", ""},
		{"gpu_ram=48..24", BadValue, "48..24", "24..48", ""},
		{"gpu_ram>=24..48", BadValue, "24..48", "", ""},
		{"reliability>99", BadScale, "99", "0.99", "0 and 1, or a percentage"},
		{"compute_cap>=8.9", BadScale, "8.9", "890", ""},
		{"verified!=any", BadWildcard, "any", "", ""},
		{"verified=maybe", BadValue, "maybe", "", "true or false"},
		{"external>null", BadOperator, ">", "=", ""},
		{"dph>null", BadValue, "null", "", ""},
		{"gpu_name=4090 dph<1", BadValue, "4090", "[RTX_4090,RTX_4090D]", "4090 alone"},
		{"gpu_name=RTX PRO dph<1", BadValue, "RTX", "", "RTX alone"},
		{"gpu_name=Foo 4090", Conflict, "4090", "", "nothing is both"},
		{"geolocation=Texas dph<1", BadValue, "Texas", "", "Texas alone"},
		{"driver_version>=535.86.05.1", BadNumber, "535.86.05.1", "", ""},
		{"driver_version in [535]", BadValue, "535", "", "three parts"},
		// What cannot be.
		{"num_gpus=1 num_gpus=2", Conflict, "num_gpus=2", "", "num_gpus=1"},
		{"gpu_ram=24 gpu_ram=48", Conflict, "gpu_ram=48", "", ""},
		{"num_gpus=2..2 num_gpus=3", Conflict, "num_gpus=3", "", ""},
		{"verified=true verified=any", Conflict, "verified=any", "", ""},
		{"num_gpus in [1,2] num_gpus in [3]", Conflict, "num_gpus in [3]", "", ""},
		{"4090 5090 ", Conflict, "5090", "", "4090|5090"},
		{"DE FI", Conflict, "FI", "", "DE|FI"},
		{"gpu_name=RTX_4090 5090", Conflict, "5090", "", ""},
	} {
		_, err := Parse(c.query)
		if c.kind == "" {
			if err != nil {
				t.Errorf("%q: %v", c.query, err)
			}
			continue
		}
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q was accepted", c.query)
			continue
		}
		if at := c.query[e.Col : e.Col+e.Len]; e.Kind != c.kind || at != c.at || e.Suggest != c.suggest || !strings.Contains(e.Text, c.says) {
			t.Errorf("%q: %s at %q suggesting %q: %s\nwant %s at %q suggesting %q: …%s…", c.query, e.Kind, at, e.Suggest, e.Text, c.kind, c.at, c.suggest, c.says)
		}
	}
}

func TestVolumesHaveTheirOwnFields(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"cuda_vers>=12 duration>=7": `{"cuda_vers":{"gte":12},"duration":{"gte":604800}}`,
		"disk_space>=1TB -CN":       `{"disk_space":{"gte":1000},"geolocation":{"notin":["CN"]}}`,
		"external=any":              `{}`,
	} {
		q, err := ParseVolumes(query)
		if err != nil {
			t.Errorf("%q: %v", query, err)
		} else if got := filterOf(t, q, false); got != want {
			t.Errorf("%q compiles to %s, want %s", query, got, want)
		}
	}
	var e *Error
	if _, err := ParseVolumes("gpu_name=RTX_4090"); !errors.As(err, &e) || e.Kind != UnknownField {
		t.Errorf("a volume with a GPU: %v", err)
	}
	if q, err := ParseVolumes("4090"); err != nil || len(q.Local()) != 1 || len(q.Filter(false)) != 0 {
		t.Errorf("a GPU word of volumes was sent: %v %v", q.Filter(false), err)
	}
	if q, err := ParseVolumes("disk_space=any"); err != nil || q.WithDefaults().String() != "verified=true external=false disk_space=any" {
		t.Errorf("defaults of volumes: %q, %v", q.WithDefaults(), err)
	}
}

// Taking a suggestion must lead to a query that is accepted.
func TestSuggestionsAreAccepted(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"numgpus=1", "dhp<1", "num_gpus=>1", "num_gpus<>1", "gpu_name>RTX_4090", "24GB", "gpu_name=~4090", "duration>=86400", "reliability>99", "compute_cap>=8.9",
		"gpu_name=4090 dph<1", "gpu_ram=48..24", "cost<1", "gpu_name in [RTX_4090,5060] dph<1", "gpu_ram<48 GB",
	} {
		var e *Error
		if _, err := Parse(s); !errors.As(err, &e) || e.Suggest == "" {
			t.Errorf("%q: %v has no suggestion", s, err)
			continue
		}
		mended := s[:e.Col] + e.Suggest + s[e.Col+e.Len:]
		if _, err := Parse(mended); err != nil {
			t.Errorf("%q mended to %q: %v", s, mended, err)
		}
	}
}

func TestEveryPrefixOfAQueryIsReadOrUnfinished(t *testing.T) {
	t.Parallel()
	const whole = "gpu_name=RTX_4090 num_gpus>=2 verified=any geolocation=germany dph<0.6 duration>=12h -CN epyc"
	for i := range whole {
		var e *Error
		if _, err := Parse(whole[:i]); errors.As(err, &e) && e.Kind != Unfinished {
			t.Errorf("%q: %s: %v", whole[:i], e.Kind, err)
		}
	}
}
