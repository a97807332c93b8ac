package vastapi

import (
	"time"

	"vastdeck/vastapi/safetext"
)

// Offer is one machine, or a part of one, that can be rented now. Fields are
// those of POST /api/v0/bundles/ with their units mended (the published
// description calls the network speeds MB/s; the numbers are Mbit/s).
// Floats that were null or absent are NaN, texts empty, flags FlagUnknown. Tens
// of thousands are held at a time: equal texts share their bytes.
type Offer struct {
	// What most queries ask for stands together: filtering fifty thousand offers
	// is bound by how much of each has to be fetched.
	GPUName      safetext.Text // with spaces: "RTX 4090"
	NumGPUs      int           // GPUs in this offer
	GPURAM       MiB           // per GPU
	DphTotal     Rate          // DphBase + StorageTotal for the allocated_storage that was searched with
	Reliability  float64       // 0..1
	Verification safetext.Text // "verified", "unverified", "deverified"
	Rentable     Flag
	Rented       Flag // by this account
	External     Flag
	VMsEnabled   Flag
	StaticIP     Flag
	GPUDisplay   Flag // a display hangs on the GPU
	HasAVX       Flag
	IsBid        bool   // priced as a bid
	Country      string // two capital letters taken from the end of Geolocation, or ""
	InetDown     Mbps
	InetUp       Mbps
	CUDA         float64 // cuda_max_good, e.g. 12.8; as the host reports it
	DiskSpace    GB      // can be rented
	DLPerf       float64 // DLPerf score, all GPUs
	MinBid       Rate    // lowest bid that would run now, whole offer; unknown or 0 = not biddable
	DirectPorts  int     // direct_port_count; 0 = proxy only, -1 = unknown

	ID        OfferID   // rent with this; equals ask_contract_id
	MachineID MachineID // stays when the offer id changes
	HostID    HostID
	ClusterID int64   // 0 = none
	VolumeAsk OfferID // volume offer on the same machine, 0 = none

	DphBase            Rate // GPU part, all GPUs; what is bid for when IsBid
	DiscountedDphTotal Rate // reserved price
	StorageCost        PerGBMonth
	StorageTotal       Rate // for the allocated_storage that was searched with
	VolumeGB           GB
	VolumeDph          Rate

	GPUArch      safetext.Text // "nvidia" or "amd"
	GPUTotalRAM  MiB           // all GPUs of the offer
	GPUFrac      float64       // GPUs of the offer ÷ GPUs of the machine
	GPUMemBW     float64       // GB/s
	GPUMaxPower  float64       // W
	GPUMaxTemp   float64       // °C
	NVLinkBW     float64       // GB/s, 0 = none
	ComputeCap   float64       // ×100: 890 is 8.9
	TotalFlops   float64       // TFLOPS, all GPUs
	DLPerfPerDph float64       // DLPerf per $/h as the server computed it
	FlopsPerDph  float64       // TFLOPS per $/h as the server computed it
	Score        float64       // the marketplace's rank
	PCIGen       float64
	PCIeBW       float64       // GB/s
	Driver       safetext.Text // "535.183.01"
	DriverVers   int64         // 535183001, 0 = unknown

	PublicIP     safetext.Text
	InetUpCost   PerGB
	InetDownCost PerGB

	CPUName       safetext.Text
	CPUArch       safetext.Text // "amd64" or "arm64"
	CPUCores      float64       // whole machine
	CPUCoresShare float64       // cpu_cores_effective: the offer's share, fractional
	CPUGHz        float64
	CPURAM        float64 // MB, whole machine; the offer's share is CPURAMShare
	Mobo          safetext.Text
	DiskBW        float64 // MB/s
	DiskName      safetext.Text
	OSVersion     safetext.Text

	HostingType int           // 1 = datacenter, 0 = not, -1 = unknown
	Geolocation safetext.Text // "City or State, CC"
	Duration    time.Duration // time the host still offers the machine for; -1 = unknown
	EndDate     time.Time     // zero = unknown
}

// Verified reports whether the marketplace has verified the machine. There is
// no field of that name in an answer, only the filter; it is derived from
// verification.
func (o *Offer) Verified() bool { return o.Verification.String() == "verified" }

// Datacenter reports whether the host is a datacenter (hosting_type 1).
func (o *Offer) Datacenter() bool { return o.HostingType == 1 }

// CPURAMShare is the part of the machine's memory, in MB, that comes with the
// offer; unknown when the API does not tell the machine's cores.
func (o *Offer) CPURAMShare() float64 { return o.CPURAM * o.CPUCoresShare / o.CPUCores }

// RentalType says how an offer would be rented.
type RentalType string

// The rental types as the API spells them in a search.
const (
	OnDemand      RentalType = "on-demand"
	Interruptible RentalType = "bid"
	Reserved      RentalType = "reserved"
)

// Filter is a compiled search filter: column → operator → value, as the API
// takes it (operators eq neq gt gte lt lte in notin).
type Filter map[string]map[string]any

// OfferSearch is one question to the market.
type OfferSearch struct {
	Filter  Filter
	Order   [][2]string // column, "asc" or "desc"; empty = score descending
	Type    RentalType  // "" = OnDemand
	Storage GB          // allocated_storage: the disk that prices are worked out for; 0 = 10
	Limit   int         // 0 = 1000; always sent, because the server's own default is 64
}

// OfferPage is the answer to one OfferSearch.
type OfferPage struct {
	Offers []Offer
	Bad    int // rows that could not be read, counted and left out
	Asked  int // the limit that was sent
	Rows   int // rows the answer held, those given twice and those not readable included

	Truncated bool // the server says that it has more than it told
}

// Full reports whether the answer is said to be cut, is as long as was asked for, or
// exactly as long as the server's own default, so that more offers may exist.
func (p OfferPage) Full() bool {
	n := max(p.Rows, len(p.Offers)+p.Bad)
	return n > 0 && (p.Truncated || n >= p.Asked || n == 64)
}
