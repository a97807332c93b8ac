package offerql

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func anOffer() vastapi.Offer {
	return vastapi.Offer{
		ID: 77, MachineID: 22990, HostID: 4711, GPUName: safetext.New("RTX 4090"), NumGPUs: 2, GPURAM: 24564, GPUTotalRAM: 49128,
		DphTotal: 0.55, DphBase: 0.5, MinBid: vastapi.Unknown[vastapi.Rate](), CPUName: safetext.New("AMD EPYC 7702"), CPURAM: 64393,
		Reliability: 0.99, Verification: safetext.New("verified"), HostingType: -1, Rentable: vastapi.FlagYes, Rented: vastapi.FlagNo,
		Geolocation: safetext.New("Texas, US"), Country: "US", Driver: safetext.New("535.183.01"), DriverVers: 535183001, DirectPorts: -1,
		Duration: 48 * time.Hour, DiskSpace: 500, Score: vastapi.Unknown[float64](), CUDA: 12.2,
	}
}

func TestMatchReadsTheOffer(t *testing.T) {
	t.Parallel()
	o := anOffer()
	for _, c := range []struct {
		query string
		want  bool
	}{
		{"", true},
		{"gpu_name=RTX_4090 num_gpus>=2 dph<0.6 4090 -CN", true},
		{"gpu_ram=24", true}, {"gpu_ram!=24", false}, {"gpu_ram!=48", true}, {"gpu_ram<=24", true}, {"gpu_ram<24", false},
		{"gpu_ram=24..48", true}, {"gpu_ram!=24..48", false}, {"gpu_ram=24564MB", true},
		{"dph<0.55", false}, {"dph<=0.55", true}, {"dph>0.55", false}, {"dph>=0.55", true}, {"dph=0.55", true}, {"dph!=0.55", false},
		{"num_gpus in [1,2]", true}, {"num_gpus notin [1,2]", false}, {"num_gpus=1..4", true},
		{"driver_version=535", true}, {"driver_version>535", false}, {"driver_version>=535.183", true}, {"driver_version!=550", true},
		{"driver_version<=535", true}, {"driver_version<535", false},
		{"duration>=2", true}, {"duration>48h", false}, {"duration<=2d", true},
		{"geolocation=US", true}, {"geolocation=NA", true}, {"geolocation!=EU", true}, {"geolocation in [EU,CA]", false},
		{"verified=true", true}, {"verified=false", false}, {"verified!=true", false}, {"verified=1", true}, {"rented=0", true},
		{"external=false", true}, {"datacenter=false", true}, {"verified=any", true}, {"verified in [true,false]", true},
		// Words.
		{"4090", true}, {"rtx 4090", true}, {"5090", false}, {"4090|5090", true}, {"-5090", true}, {"-rtx", false},
		{"rtx4090", true}, {"-RTX-4090", false}, {"rtx3090", false},
		{"us", true}, {"-us", false}, {"EU", false}, {"-EU", true}, {"DE|NA", true},
		{"texas", true}, {"epyc", true}, {"-epyc", false}, {"22990", true}, {"471", true}, {"xeon", false}, {"-xeon", true}, {"xeon|texas", true},
		{`"texas, us"`, true}, {"4090|xeon", true},
		// Unknown columns satisfy nothing, whichever way it is put.
		{"min_bid<1", false}, {"min_bid>=0", false}, {"min_bid=0", false}, {"min_bid!=0", false}, {"min_bid notin [1]", false},
		{"min_bid=null", true}, {"min_bid!=null", false}, {"dph!=null", true}, {"dph=null", false},
		{"direct_port_count>=0", false}, {"static_ip=true", false}, {"static_ip=false", false}, {"static_ip!=true", false},
		{"static_ip=null", true}, {"cpu_arch!=arm64", false}, {"cpu_arch=null", true}, {"score!=1", false}, {"ports=null", true},
	} {
		if got := mustParse(t, c.query).Match(&o); got != c.want {
			t.Errorf("%q: %t, want %t", c.query, got, c.want)
		}
	}
	o.Country, o.Geolocation, o.GPUName = "", safetext.Text{}, safetext.Text{}
	for _, query := range []string{"-CN", "geolocation!=CN", "-4090", "gpu_name!=RTX_4090", "-EU"} {
		if mustParse(t, query).Match(&o) {
			t.Errorf("%q admits an offer whose column is not told", query)
		}
	}
	o.Geolocation = safetext.New("Norway")
	if q := mustParse(t, "NORDICS"); !q.Match(&o) {
		t.Errorf("%q does not admit a place told as the name of a country", q)
	}
}

func TestMatchAllocatesNothing(t *testing.T) {
	o := anOffer()
	q := mustParse(t, fiveTerms+" 4090 -CN epyc 22990 geolocation=NA num_gpus in [1,2] driver_version!=550 -xeon rented=false min_bid=null")
	if !slices.Contains(q.Local(), "22990") {
		t.Fatalf("local: %q", q.Local())
	}
	if n := testing.AllocsPerRun(100, func() { q.Match(&o) }); n != 0 {
		t.Errorf("%v allocations an offer", n)
	}
}

func TestZeroQueryAdmitsAll(t *testing.T) {
	t.Parallel()
	var q Query
	if parsed := mustParse(t, " \t"); !q.Empty() || !parsed.Empty() || !parsed.Equal(q) || q.String() != "" || q.Explain() != nil && len(q.Explain()) > 0 {
		t.Error("the zero query is not the empty one")
	}
	if !q.Match(&vastapi.Offer{DphTotal: vastapi.Rate(math.NaN())}) {
		t.Error("the zero query refuses an offer")
	}
}

func TestTermsThatCannotBeSentAreNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, filter, local string }{
		{"gpu_ram!=24 num_gpus=2", `{"num_gpus":{"eq":2}}`, "gpu_ram!=24"},
		{"dph!=0.2..0.3", `{}`, "dph_total!=0.2..0.3"},
		{"driver_version!=535", `{}`, "driver_version!=535"},
		{"cpu_name=AMD_EPYC score>10", `{}`, "cpu_name=AMD_EPYC, score>10"},
		{"epyc 4090|texas -CN|xeon", `{}`, "epyc, 4090|texas, -CN|xeon"},
		{"4090|US", `{}`, "4090|US"},
		{"dph!=0.3 4090 -4090D|CN", `{"dph_total":{"neq":0.3},"geolocation":{"notin":["CN"]},"gpu_name":{"in":["RTX 4090","RTX 4090D"],"notin":["RTX 4090D"]}}`, ""},
	} {
		q := mustParse(t, c.query)
		if got := strings.Join(q.Local(), ", "); got != c.local {
			t.Errorf("%q: local %q, want %q", c.query, got, c.local)
		}
		if got := filterOf(t, q, false); got != c.filter {
			t.Errorf("%q: %s, want %s", c.query, got, c.filter)
		}
	}
}

func TestExplainWritesTheFiguresOut(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"gpu_ram>=24":         "gpu_ram ≥ 24,000 MB (24 GB)",
		"gpu_ram=24":          "gpu_ram 24,000 MB to 24,576 MB (24 GB)",
		"gpu_ram in [24,48]":  "gpu_ram is one of 24,000 MB, 48,000 MB (24, 48 GB)",
		"gpu_ram!=24":         "gpu_ram < 24,000 MB or > 24,576 MB (24 GB) · applied locally",
		"gpu_ram<24564MB":     "gpu_ram < 24,564 MB",
		"duration>=3":         "duration ≥ 259,200 s (3 days)",
		"driver_version>=535": "driver_version ≥ 535.0.00 (535)",
		"dph<0.6":             "dph_total < 0.6 $/h",
		"geolocation=NORDICS": "geolocation = NORDICS (DK FI IS NO SE)",
		"-CN":                 "country is not CN (China)",
		"4090":                "GPU is RTX 4090, RTX 4090D",
		"verified=any":        "verified does not matter",
		"min_bid=null":        "min_bid is not told",
		"epyc":                `"epyc" in the GPU, place, CPU, host or machine · applied locally`,
	} {
		if got := mustParse(t, query).Explain(); len(got) != 1 || got[0] != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}

func TestTermsReplaceDefaultsOfTheirField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, whole string }{
		{"", "verified=true external=false rentable=true rented=false"},
		{"dph<1", "verified=true external=false rentable=true rented=false dph_total<1"},
		{"verified=any dph<1", "external=false rentable=true rented=false verified=any dph_total<1"},
		{"verified=false rented!=true", "external=false rentable=true verified=false rented!=true"},
		{"verified=any external=any rentable=any rented=any", "verified=any external=any rentable=any rented=any"},
	} {
		q := mustParse(t, c.query)
		whole := q.WithDefaults()
		if got := whole.String(); got != c.whole {
			t.Errorf("%q with defaults is %q, want %q", c.query, got, c.whole)
		}
		for _, chip := range q.Chips() {
			if chip.On == q.Mentions(chip.Field) || !strings.HasPrefix(chip.Text, chip.Field+"=") {
				t.Errorf("%q: chip %+v", c.query, chip)
			}
		}
		if again := whole.WithDefaults(); !again.Equal(whole) {
			t.Errorf("%q: defaults twice: %q", c.query, again)
		}
	}
	if got := Defaults().String(); got != "verified=true external=false rentable=true rented=false" {
		t.Errorf("defaults are %q", got)
	}
	o := anOffer()
	o.Rented = vastapi.FlagYes
	if Defaults().Match(&o) || !Defaults().Without("rented").Match(&o) {
		t.Error("a default was not taken away")
	}
	if got := mustParse(t, "dph<1 num_gpus=2").Without("dph").String(); got != "num_gpus=2 dph_total=any" {
		t.Errorf("without dph: %q", got)
	}
	if got := filterOf(t, mustParse(t, "verified!=true"), true); got != `{"external":{"eq":false},"rentable":{"eq":true},"verified":{"neq":true}}` {
		t.Errorf("a default stayed beside a term of its field: %s", got)
	}
}

func TestNarrowing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query, older string
		want         bool
	}{
		{"dph<0.5", "dph<0.6", true}, {"dph<0.6", "dph<0.5", false}, {"dph<=0.5", "dph<0.5", false}, {"dph=0.3", "dph<0.5 dph>0.1", true},
		{"dph<0.5 num_gpus=2", "dph<0.5", true}, {"dph<0.5", "dph<0.5 num_gpus=2", false},
		{"num_gpus in [1,2]", "num_gpus<=2", true}, {"num_gpus=2", "num_gpus in [1,2]", true}, {"num_gpus!=1", "num_gpus notin [1,2]", false},
		{"num_gpus notin [1,2]", "num_gpus!=1", true}, {"gpu_ram=24", "gpu_ram!=48", true},
		{"gpu_name=RTX_4090", "4090", true}, {"4090D", "4090", true}, {"4090", "4090D", false}, {"4090", "4090|5090", true}, {"4090|5090", "4090", false},
		{"-40", "-4090", true}, {"-4090", "-40", false}, {"-CN|RU", "-CN", true}, {"-CN", "-CN|RU", false},
		{"DE", "EU", true}, {"EU", "DE", false}, {"geolocation=DE", "EU", true}, {"DE", "geolocation!=CN", true}, {"-ASIA", "-CN", true},
		{"verified=true", "verified=any", true}, {"verified=any", "verified=true", false}, {"verified=true", "verified!=null", true},
		{"epyc", "epy", true}, {"epy", "epyc", false}, {"", "", true}, {"", "dph<1", false}, {"dph<1", "dph!=null", true},
	} {
		if got := mustParse(t, c.query+" ").Narrows(mustParse(t, c.older+" ")); got != c.want {
			t.Errorf("%q narrows %q: %t, want %t", c.query, c.older, got, c.want)
		}
	}
}

func TestFieldTableIsSound(t *testing.T) {
	t.Parallel()
	official := strings.Fields(`bw_nvlink compute_cap cpu_arch cpu_cores cpu_cores_effective cpu_ghz cpu_ram cuda_max_good datacenter
		direct_port_count driver_version disk_bw disk_space dlperf dlperf_per_dphtotal dph_total duration external flops_per_dphtotal gpu_arch
		gpu_display_active gpu_frac gpu_mem_bw gpu_name gpu_ram gpu_total_ram gpu_max_power gpu_max_temp has_avx host_id id inet_down
		inet_down_cost inet_up inet_up_cost machine_id min_bid mobo_name num_gpus pci_gen pcie_bw reliability rentable rented storage_cost
		static_ip total_flops ubuntu_version verification verified vms_enabled geolocation cluster_id`)
	volumes := strings.Fields(`cpu_arch cuda_vers cluster_id nw_disk_min_bw nw_disk_avg_bw nw_disk_max_bw datacenter disk_bw disk_space
		driver_version duration geolocation gpu_arch has_avx host_id id inet_down inet_up machine_id pci_gen pcie_bw reliability storage_cost
		static_ip total_flops ubuntu_version verified external`)
	for _, name := range official {
		if f, ok := Lookup(name); !ok || f.Name != name || f.LocalOnly {
			t.Errorf("%s of the official client is not a field that is sent", name)
		}
	}
	for name, f := range volumeFields {
		if !slices.Contains(volumes, f.Name) {
			t.Errorf("%s is no field of volumes", name)
		}
	}
	for _, name := range volumes {
		if volumeFields[name] == nil {
			t.Errorf("%s of the official client is not a field of volumes", name)
		}
	}
	seen, names := map[string]bool{}, []string{}
	for _, f := range Fields() {
		if !f.VolumeOnly {
			for _, n := range append([]string{f.Name}, f.Aliases...) {
				if seen[n] {
					t.Errorf("%s names two fields", n)
				}
				seen[n] = true
			}
		}
		if f.Help == "" || f.Kind == "" || f.Wire == "" || f.Multiplier == 0 || len(f.Ops) == 0 || (f.num == nil && f.flag == nil && f.text == nil) {
			t.Errorf("%s: incomplete: %+v", f.Name, f)
		}
		names = append(names, f.Name)
	}
	if !slices.IsSorted(names) {
		t.Error("the table is not sorted by name")
	}
	for _, r := range regions {
		for _, code := range r.codes {
			if !countryCode.has(code) {
				t.Errorf("%s of region %s is no country", code, r.name)
			}
		}
	}
}

func TestQueriesCanBeComparedDeeply(t *testing.T) {
	t.Parallel()
	a, b := mustParse(t, fiveTerms+" 4090 -CN"), mustParse(t, fiveTerms+" 4090 -CN")
	if !reflect.DeepEqual(a, b) || !a.Equal(b) || a.Equal(mustParse(t, fiveTerms)) {
		t.Error("equal queries differ, or different ones are equal")
	}
}

// The columns that Match reads by itself are those of the field table.
func TestColumnsReadDirectlyAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	offers := marketOf(200)
	offers[0] = anOffer()
	offers[1].NumGPUs, offers[1].DphTotal, offers[1].Rentable = -1, vastapi.Unknown[vastapi.Rate](), vastapi.FlagUnknown
	for i := range offers[2:] {
		o := &offers[2+i]
		v := float64(i) + 1
		o.InetUp, o.DLPerf, o.CPURAM, o.DiskSpace, o.CUDA, o.MinBid = vastapi.Mbps(v), 2*v, 3*v, vastapi.GB(4*v), 5*v, vastapi.Rate(6*v)
		o.Rented, o.Rentable = vastapi.Flag(i%3), vastapi.Flag(i/3%3)
	}
	g := generator{rand.New(rand.NewPCG(9, 22)), offers}
	for name := range hotFields {
		f := offerFields[name]
		if f == nil {
			t.Fatalf("there is no field %s", name)
		}
		for range 40 {
			op := [...]string{">=", "<", "=", "!="}[g.IntN(4)]
			value := "true"
			if f.Kind != Flag {
				value = g.number(f)
			} else if op != "!=" {
				op = "="
			}
			q := mustParse(t, name+op+value)
			for i := range offers {
				o := &offers[i]
				slow := q.prog.checks[0]
				if got, want := q.Match(o), slow.match(o); got != want {
					t.Fatalf("%q: %t, by the table %t: %+v", q, got, want, *o)
				}
			}
		}
	}
}
