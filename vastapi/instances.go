package vastapi

import (
	"time"

	"vastdeck/vastapi/safetext"
)

// Instance is a rental contract of this account, as GET /api/v1/instances/ and
// GET /api/v0/instances/{id}/ tell it. Floats that were null or absent are NaN.
type Instance struct {
	ID        InstanceID
	MachineID MachineID
	HostID    HostID
	Label     safetext.Text // Label.Wire() is what was sent; labels are not unique

	Actual   safetext.Text // actual_status: "" while provisioning, loading, running, exited …; words not known here pass through
	Intended safetext.Text // intended_status: what was asked for, "running" or "stopped"
	Cur      safetext.Text // cur_state of the contract
	Next     safetext.Text // next_state of the contract
	Status   safetext.Text // status_msg: pull progress, "success, running …", errors

	GPUName  safetext.Text
	NumGPUs  int
	GPURAM   MiB
	GPUUtil  float64 // percent
	GPUTemp  float64 // °C
	VRAMUsed float64 // GB of all its GPUs together
	CPUUtil  float64 // fraction, as documented
	CPUCores float64 // share
	CPURAM   float64 // MB, whole machine
	MemUsed  float64 // GB
	MemLimit float64 // GB

	Disk     GB // rented
	DiskUsed GB // NaN when the host reports -1
	InetUp   Mbps
	InetDown Mbps

	DphTotal     Rate // while running
	DphBase      Rate // GPU part; the bid when Bid
	MinBid       Rate // price to hold now
	Bid          bool // interruptible
	BilledNow    Rate // instance.totalHour: what is billed at this moment
	IfRunning    Rate // search.totalHour: what is billed while running
	StorageCost  PerGBMonth
	StorageTotal Rate
	InetUpCost   PerGB
	InetDownCost PerGB

	Image       safetext.Text
	RunType     safetext.Text // image_runtype, e.g. "ssh ssh_direc ssh_proxy"
	SSHHost     safetext.Text // proxy
	SSHPort     int           // proxy
	PublicIP    safetext.Text
	Ports       []PortMap
	Jupyter     Secret             // jupyter_token; see Links
	Env         [][2]safetext.Text // extra_env as told; names that begin with "-" are docker flags
	Start       time.Time          // contract start
	End         time.Time          // contract end, zero = unknown
	Geolocation safetext.Text
	Country     string // two capital letters, or ""

	Verification safetext.Text
	Reliability  float64
	CUDA         float64
	Driver       safetext.Text
	Template     safetext.Text
	TemplateHash string        // template_hash_id: hexadecimal, or ""
	OnStart      safetext.Text // the start script; OnStart.Lines shows more of it than a line
	Volumes      []VolumeID

	Deposit     Amount  // what is left of what was paid ahead (credit_balance)
	Discount    float64 // fraction of the price that this takes off now (credit_discount)
	DiscountMax float64 // the most that paying ahead can take off (credit_discount_max)
}

// PortMap is one container port and where it can be reached from outside.
type PortMap struct {
	Container string // "22/tcp", validated
	Host      int    // port on PublicIP
}

// DirectSSH is the port on PublicIP that leads to the container's port 22.
func (i *Instance) DirectSSH() (port int, ok bool) {
	for _, p := range i.Ports {
		if p.Container == "22/tcp" && p.Host > 0 {
			return p.Host, true
		}
	}
	return 0, false
}

// InstancePage is everything the account runs, all pages walked.
type InstancePage struct {
	Instances []Instance
	Bad       int // rows that could not be read, counted and left out
	Total     int // what the server says the account has
}
