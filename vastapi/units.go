package vastapi

import (
	"math"
	"strconv"
	"time"
)

// The API speaks floats and leaves many of them out. Each kind of quantity is
// a type of its own, so that a price per hour cannot be added to a size; an
// absent, null or absurd number is NaN ("unknown"), so that every sum an
// unknown enters is unknown too and can never pass for a cheap one.

// Rate is a price in USD per hour. Unknown is NaN.
type Rate float64

// Amount is a sum of money in USD. Unknown is NaN.
type Amount float64

// GB is a size in gigabytes as the API counts disk (10^9 bytes). Unknown is NaN.
type GB float64

// MiB is a size in mebibytes as the API counts GPU memory. Unknown is NaN.
type MiB float64

// Mbps is a network speed in megabits per second. Unknown is NaN.
type Mbps float64

// PerGBMonth is a storage price in USD for one GB kept for a month of 720 hours.
// The published description says "per hour"; its own sample values are per month.
type PerGBMonth float64

// PerGB is a traffic price in USD per GB moved. Unknown is NaN.
type PerGB float64

// HoursPerMonth is the API's month: 30 days (official client, price-increase verbs).
const HoursPerMonth = 720

// Unknown returns the value that stands for "not told" in any of the quantities.
func Unknown[T ~float64]() T { return T(math.NaN()) }

// Known reports whether v is a number that was told.
func Known[T ~float64](v T) bool { return !math.IsNaN(float64(v)) }

// Month is what r comes to in a month of 720 hours.
func (r Rate) Month() Amount { return Amount(r * HoursPerMonth) }

// Day is what r comes to in 24 hours.
func (r Rate) Day() Amount { return Amount(r * 24) }

// For is what r comes to in d.
func (r Rate) For(d time.Duration) Amount { return Amount(float64(r) * d.Hours()) }

// Hourly is the rate at which size costs p.
func (p PerGBMonth) Hourly(size GB) Rate { return Rate(float64(p) * float64(size) / HoursPerMonth) }

// Cost is what moving size costs at p.
func (p PerGB) Cost(size GB) Amount { return Amount(float64(p) * float64(size)) }

// MarshalJSON writes unknown as null.
func (r Rate) MarshalJSON() ([]byte, error) { return jsonNumber(float64(r)), nil }

// MarshalJSON writes unknown as null.
func (a Amount) MarshalJSON() ([]byte, error) { return jsonNumber(float64(a)), nil }

// MarshalJSON writes unknown as null.
func (g GB) MarshalJSON() ([]byte, error) { return jsonNumber(float64(g)), nil }

func jsonNumber(v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null")
	}
	return strconv.AppendFloat(nil, v, 'g', -1, 64)
}

// Flag is a boolean that may be unknown: a null column satisfies neither x=true nor x=false.
type Flag uint8

// The three states of a Flag.
const (
	FlagUnknown Flag = iota
	FlagNo
	FlagYes
)

// FlagOf is the known Flag for b.
func FlagOf(b bool) Flag {
	if b {
		return FlagYes
	}
	return FlagNo
}

// Yes reports whether f is known to be true.
func (f Flag) Yes() bool { return f == FlagYes }

// No reports whether f is known to be false.
func (f Flag) No() bool { return f == FlagNo }

// OfferID names an offer (an ask contract). It is not stable: a host that
// lists again gets a new one for the same machine.
type OfferID int64

// InstanceID names an instance (a rental contract).
type InstanceID int64

// MachineID names a machine; it stays when its offers change ids.
type MachineID int64

// HostID names the owner of machines.
type HostID int64

// VolumeID names a volume contract.
type VolumeID int64

// PriceIncreaseID names a higher price that a host asks for.
type PriceIncreaseID int64

func (i OfferID) String() string    { return strconv.FormatInt(int64(i), 10) }
func (i InstanceID) String() string { return strconv.FormatInt(int64(i), 10) }
func (i MachineID) String() string  { return strconv.FormatInt(int64(i), 10) }
func (i HostID) String() string     { return strconv.FormatInt(int64(i), 10) }
func (i VolumeID) String() string   { return strconv.FormatInt(int64(i), 10) }

func (id PriceIncreaseID) String() string { return strconv.FormatInt(int64(id), 10) }
