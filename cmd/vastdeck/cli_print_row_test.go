package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// offerJSON is one offer as scripts read it: rates in $/h for all its GPUs, sizes in GB, networks in
// Mbit/s. What is not known is null.
type offerJSON struct {
	ID          int64      `json:"id"`
	MachineID   *int64     `json:"machine_id"`
	HostID      *int64     `json:"host_id"`
	GPUName     *string    `json:"gpu_name"`
	GPUs        int        `json:"num_gpus"`
	GPURAM      *float64   `json:"gpu_ram_gb"` // of one GPU
	Hourly      *float64   `json:"hourly"`     // with the disk, as the type is rented
	DphTotal    *float64   `json:"dph_total"`
	DphBase     *float64   `json:"dph_base"`
	MinBid      *float64   `json:"min_bid"`
	Reserved    *float64   `json:"discounted_dph_total"`
	StorageCost *float64   `json:"storage_cost"` // $ a GB and month
	UpCost      *float64   `json:"inet_up_cost"` // $ a GB
	DownCost    *float64   `json:"inet_down_cost"`
	DLPerf      *float64   `json:"dlperf"`
	Flops       *float64   `json:"total_flops"`
	Reliability *float64   `json:"reliability"`
	Verified    bool       `json:"verified"`
	Datacenter  bool       `json:"datacenter"`
	Rentable    *bool      `json:"rentable"`
	Rented      *bool      `json:"rented"`
	StaticIP    *bool      `json:"static_ip"`
	DiskSpace   *float64   `json:"disk_space_gb"`
	DiskBW      *float64   `json:"disk_bw_mb_s"`
	InetDown    *float64   `json:"inet_down_mbps"`
	InetUp      *float64   `json:"inet_up_mbps"`
	Ports       *int       `json:"direct_port_count"`
	CUDA        *float64   `json:"cuda_max_good"`
	Driver      *string    `json:"driver_version"`
	CPUName     *string    `json:"cpu_name"`
	CPUCores    *float64   `json:"cpu_cores_effective"`
	CPURAM      *float64   `json:"cpu_ram_gb"` // that comes with the offer
	PCIeBW      *float64   `json:"pcie_bw_gb_s"`
	Region      *string    `json:"geolocation"`
	Country     *string    `json:"country"`
	Hours       *float64   `json:"duration_hours"`
	End         *time.Time `json:"end_date"`
}

// placeJSON is a place where a volume can be made.
type placeJSON struct {
	ID          int64    `json:"id"`
	MachineID   *int64   `json:"machine_id"`
	HostID      *int64   `json:"host_id"`
	DiskSpace   *float64 `json:"disk_space_gb"`
	StorageCost *float64 `json:"storage_cost"` // $ a GB and month
	Hourly      *float64 `json:"hourly"`       // of the size asked for
	Monthly     *float64 `json:"monthly"`
	DiskBW      *float64 `json:"disk_bw_mb_s"`
	Reliability *float64 `json:"reliability"`
	InetDown    *float64 `json:"inet_down_mbps"`
	InetUp      *float64 `json:"inet_up_mbps"`
	Region      *string  `json:"geolocation"`
	Country     *string  `json:"country"`
}

func offerData(s *offerSearch, o *vastapi.Offer) *offerJSON {
	one := &offerJSON{
		ID: int64(o.ID), MachineID: whole(o.MachineID), HostID: whole(o.HostID), GPUName: text(o.GPUName), GPUs: o.NumGPUs,
		GPURAM: figure(float64(o.GPURAM) / 1024), Hourly: figure64(s.cost(o)), DphTotal: figure64(o.DphTotal), DphBase: figure64(o.DphBase),
		MinBid: figure64(o.MinBid), Reserved: figure64(o.DiscountedDphTotal), StorageCost: figure64(o.StorageCost), UpCost: figure64(o.InetUpCost),
		DownCost: figure64(o.InetDownCost), DLPerf: figure64(o.DLPerf), Flops: figure64(o.TotalFlops), Reliability: figure64(o.Reliability),
		Verified: o.Verified(), Datacenter: o.Datacenter(), Rentable: truth(o.Rentable), Rented: truth(o.Rented), StaticIP: truth(o.StaticIP),
		DiskSpace: figure64(o.DiskSpace), DiskBW: figure64(o.DiskBW), InetDown: figure64(o.InetDown), InetUp: figure64(o.InetUp),
		CUDA: figure64(o.CUDA), Driver: text(o.Driver), CPUName: text(o.CPUName), CPUCores: figure64(o.CPUCoresShare),
		CPURAM: figure(o.CPURAMShare() / 1000), PCIeBW: figure64(o.PCIeBW), Region: words(region(o.Geolocation)), Country: words(o.Country), End: moment(o.EndDate),
	}
	if o.DirectPorts >= 0 {
		one.Ports = &o.DirectPorts
	}
	if o.Duration >= 0 {
		one.Hours = figure(o.Duration.Hours())
	}
	return one
}

func placeData(s *offerSearch, o *vastapi.Offer) *placeJSON {
	hourly := o.StorageCost.Hourly(s.storage)
	return &placeJSON{
		ID: int64(o.ID), MachineID: whole(o.MachineID), HostID: whole(o.HostID), DiskSpace: figure64(o.DiskSpace), StorageCost: figure64(o.StorageCost),
		Hourly: figure64(hourly), Monthly: figure64(hourly.Month()), DiskBW: figure64(o.DiskBW), Reliability: figure64(o.Reliability),
		InetDown: figure64(o.InetDown), InetUp: figure64(o.InetUp), Region: words(region(o.Geolocation)), Country: words(o.Country),
	}
}

// truth is a flag for JSON, null when it is not told.
func truth(f vastapi.Flag) *bool {
	if !f.Yes() && !f.No() {
		return nil
	}
	yes := f.Yes()
	return &yes
}

// oddOffers are offers with every kind of value that an answer can leave in them.
func oddOffers() []vastapi.Offer {
	figures := []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 1.0 / 3, 1e-6, 9.99e-7, 1e-7, 5e-324, 1e20, 1e21, 1.5e300, math.MaxFloat64, math.NaN(), math.Inf(1), math.Inf(-1)}
	texts := []string{"", "RTX 4090", `"quoted" \\ <b>&</b>`, "Intel® Core™ i5", "Québec, CA", ", CA", "日本, JP", "\x1b[2J", "a\u202eb", "e\u0301", "\xff\xfe", "😀", "\ufffd"}
	flags := []vastapi.Flag{vastapi.FlagUnknown, vastapi.FlagNo, vastapi.FlagYes, 77}
	random := rand.New(rand.NewPCG(1, 2))
	figure := func() float64 { return figures[random.IntN(len(figures))] }
	text := func() safetext.Text { return safetext.New(texts[random.IntN(len(texts))]) }
	flag := func() vastapi.Flag { return flags[random.IntN(len(flags))] }
	list := make([]vastapi.Offer, 500)
	for n := range list {
		list[n] = vastapi.Offer{
			ID: vastapi.OfferID(n + 1), MachineID: vastapi.MachineID(n % 3), HostID: vastapi.HostID(n%3 - 1), GPUName: text(), NumGPUs: n % 9,
			GPURAM: vastapi.MiB(figure()), DphTotal: vastapi.Rate(figure()), DphBase: vastapi.Rate(figure()), MinBid: vastapi.Rate(figure()),
			DiscountedDphTotal: vastapi.Rate(figure()), StorageCost: vastapi.PerGBMonth(figure()), StorageTotal: vastapi.Rate(figure()),
			InetUpCost: vastapi.PerGB(figure()), InetDownCost: vastapi.PerGB(figure()), DLPerf: figure(), TotalFlops: figure(), Reliability: figure(),
			Verification: safetext.New([]string{"", "verified", "deverified"}[n%3]), HostingType: n%3 - 1, Rentable: flag(), Rented: flag(), StaticIP: flag(),
			DiskSpace: vastapi.GB(figure()), DiskBW: figure(), InetDown: vastapi.Mbps(figure()), InetUp: vastapi.Mbps(figure()), DirectPorts: n%4 - 1,
			CUDA: figure(), Driver: text(), CPUName: text(), CPUCores: figure(), CPUCoresShare: figure(), CPURAM: figure(), PCIeBW: figure(),
			Geolocation: text(), Country: []string{"", "CA"}[n%2], IsBid: n%5 == 0, Duration: time.Duration(n%7-1) * 100 * time.Minute,
		}
		if n%2 == 0 {
			list[n].EndDate = time.Unix(int64(n)*1_000_003, int64(n)*1001).UTC()
		}
	}
	return list
}

func TestRowsAreWrittenAsTheSchemaSays(t *testing.T) {
	t.Parallel()
	for _, kind := range []vastapi.RentalType{vastapi.OnDemand, vastapi.Interruptible, vastapi.Reserved} {
		s := &offerSearch{kind: kind, storage: 33}
		for _, o := range oddOffers() {
			var offer, place jsonRow
			s.appendOffer(&offer, &o)
			s.appendPlace(&place, &o)
			for got, schema := range map[*jsonRow]any{&offer: offerData(s, &o), &place: placeData(s, &o)} {
				want, err := json.Marshal(schema)
				if err != nil {
					t.Fatal(err)
				}
				if want = appendInert(nil, string(want)); !bytes.Equal(*got, want) {
					t.Fatalf("as %s the row is\n%s, want\n%s", kind, *got, want)
				}
			}
		}
	}
}

func TestNumbersAreWrittenSoThatTheyAreReadAsTheSame(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for n := range 20_000 {
		v := math.Float64frombits(random.Uint64())
		if n%2 == 0 {
			v = math.Pow(10, float64(random.IntN(60)-30)) * float64(random.IntN(1000)-500)
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		want, err := json.Marshal(v)
		if got := appendNumber(nil, v); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%v is written %s, want %s, %v", v, got, want, err)
		}
	}
}

// FuzzAppendInertText: whatever a text holds, it is a JSON string that is read as the
// same text, and nothing in it acts on a terminal.
func FuzzAppendInertText(f *testing.F) {
	for _, s := range []string{"", "plain", `"\`, "<&>", "\x00\x1b[2J\x7f", "\u0085\u009b", "é日😀", "\u2028\u2029", "a\u202eb", "\xff", "\ufffd", "\U000e0001", "\xed\xa0\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := appendInertText(nil, s)
		plain, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if want := appendInert(nil, string(plain)); !bytes.Equal(got, want) {
			t.Errorf("%q is written %s, want %s", s, got, want)
		}
		var back string
		if err := json.Unmarshal(got, &back); err != nil || back != strings.ToValidUTF8(s, "\ufffd") && strings.ToValidUTF8(s, "") == s {
			t.Errorf("%q is read back as %q, %v", s, back, err)
		}
	})
}

// lastRow keeps what was written last.
type lastRow struct{ n int }

func (w *lastRow) Write(p []byte) (int, error) {
	w.n += len(p)
	return len(p), nil
}

// A row more must not be memory more: the answer is most of what there ever is.
func TestPrintingTakesNoMemoryForEachRow(t *testing.T) {
	s := &offerSearch{kind: vastapi.OnDemand, storage: 10}
	page := vastapi.OfferPage{Offers: oddOffers()}
	for n := range page.Offers {
		page.Offers[n].GPUName, page.Offers[n].CPUName = safetext.New("RTX 4090"), safetext.New("Intel® Core™ i5")
		page.Offers[n].Driver, page.Offers[n].Geolocation = safetext.New("535.183.01"), safetext.New("Québec, CA")
	}
	w := &lastRow{}
	allocations := testing.AllocsPerRun(5, func() {
		if err := s.writeJSON(w, page); err != nil {
			t.Error(err)
		}
	})
	if allocations > 50 || w.n < 500*500 {
		t.Errorf("%v allocations for %d rows of %d bytes", allocations, len(page.Offers), w.n)
	}
}

// brokenPipe takes some bytes and then no more.
type brokenPipe struct{ room int }

func (p *brokenPipe) Write(b []byte) (int, error) {
	if p.room -= len(b); p.room < 0 {
		return 0, errNobodyReads
	}
	return len(b), nil
}

func TestPrintingEndsWhenNobodyReadsAnyMore(t *testing.T) {
	t.Parallel()
	s := &offerSearch{kind: vastapi.OnDemand, storage: 10}
	page := vastapi.OfferPage{Offers: oddOffers()}
	for _, room := range []int{0, 1, 70_000, 200_000} {
		if err := s.writeJSON(&brokenPipe{room: room}, page); !errors.Is(err, errNobodyReads) {
			t.Errorf("with room for %d bytes: %v", room, err)
		}
	}
}

var errNobodyReads = errors.New("nobody reads")

func TestAnAnswerOfARoundLengthMayBeCut(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]bool{0: false, 1: false, 63: false, 64: true, 65: false, 99: false, 100: true, 128: true, 512: true, 999: false, 1000: true, 1001: false, 9999: false, 10_000: true} {
		if got := mayBeCut(vastapi.OfferPage{Rows: n, Asked: 10_000}); got != want {
			t.Errorf("%d rows of 10,000 may be cut: %v, want %v", n, got, want)
		}
	}
	if mayBeCut(vastapi.OfferPage{Rows: 5, Asked: 6}) || !mayBeCut(vastapi.OfferPage{Rows: 5, Asked: 5}) {
		t.Error("an answer as long as was asked for may be cut, a shorter one is whole")
	}
}
