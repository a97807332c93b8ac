package feed

import (
	"math"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// MaxSamples is how many samples of an instance are kept, the newest; fewer when
// there are hundreds of instances (see SamplesOf).
const MaxSamples = 240

// What bounds the memory of samples.
const (
	allSamples   = 120_000 // of all instances together, 32 bytes each
	leastSamples = 24      // of each
)

// SamplesOf is how many samples each of n instances keeps.
func SamplesOf(n int) int {
	return min(MaxSamples, max(leastSamples, allSamples/max(1, n)))
}

// statesOf is how long timelines are where so many samples are kept of each instance:
// a state takes as much room as two samples.
func statesOf(samples int) int { return max(leastSamples/3, samples*64/MaxSamples) }

// Trace is what the polls of this run have shown of one instance over time.
type Trace struct {
	Watched rental.Watched
	Samples []Sample // the oldest first; replaced, never changed in place
	// Rates are what it was billed, each from the reading that first told it until the
	// next one; the oldest first, replaced and never changed in place.
	Rates []RateAt
	// Holds are what a bid had to reach to hold its GPUs, each from the reading that
	// first told it; the oldest first, replaced and never changed in place.
	Holds    []HoldAt
	Problems []rental.Problem // as of the newest poll, the worst first
	// ReadAt is when this instance was read last. With thousands of them those on
	// the screen and in motion are read more often than all the others.
	ReadAt time.Time
	// Unread says that it was missing in the newest answer, in which a row could not be
	// read: all that is known is of ReadAt.
	Unread bool
}

// Sample is how much of an instance was used at one moment, each in percent but the
// temperature in °C; NaN where the poll did not tell. It is small because there
// are many.
type Sample struct {
	Unix                            int64 // the moment, in seconds since 1970
	GPU, Temp, VRAM, CPU, RAM, Disk float32
}

// At is the moment of the sample, to the second.
func (s Sample) At() time.Time { return time.Unix(s.Unix, 0) }

// SampleOf is how much of i was used when it was read. Of an instance that does
// not run only the disk is told.
func SampleOf(i *vastapi.Instance, at time.Time) Sample {
	unknown := float32(math.NaN())
	s := Sample{Unix: at.Unix(), GPU: unknown, Temp: unknown, VRAM: unknown, CPU: unknown, RAM: unknown}
	s.Disk = percent(float64(i.DiskUsed), float64(i.Disk))
	if i.Actual.String() != "running" {
		return s
	}
	s.GPU, s.Temp = float32(i.GPUUtil), float32(i.GPUTemp)
	s.CPU, s.RAM = float32(i.CPUUtil*100), percent(i.MemUsed, i.MemLimit)
	s.VRAM = percent(i.VRAMUsed, float64(i.GPURAM)/1024*float64(i.NumGPUs))
	return s
}

// percent is part as a share of whole, NaN where either is not known.
func percent(part, whole float64) float32 {
	if !(whole > 0) {
		return float32(math.NaN())
	}
	return float32(part / whole * 100)
}

// Traced is what has been seen of an instance, the zero Trace when nothing was.
func (s *Snapshot) Traced(id vastapi.InstanceID) Trace { return s.Traces[id] }

// SetRoll puts what readings of instances have come to into the snapshot.
func (s *Snapshot) SetRoll(r Roll) {
	s.Traces, s.Moving = r.Traces, r.Moving
}

// Roll is what is known of the instances, for a reading that was not taken into it
// elsewhere.
func (s *Snapshot) Roll() Roll {
	return Roll{Page: s.Instances.Value, Traces: s.Traces, Moving: s.Moving, begun: s.Instances.Told()}
}
