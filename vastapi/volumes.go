package vastapi

import (
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// ClusterID is the number of a network of machines of one host (cluster_id in the
// official client's list of volumes).
type ClusterID int64

// Volume is a disk that outlives instances; it stays on one machine, or in the network
// of a host, and is billed for as long as it exists (GET /api/v0/volumes).
type Volume struct {
	ID          VolumeID
	Name        safetext.Text
	Status      safetext.Text
	MachineID   MachineID
	Size        GB
	StorageCost PerGBMonth
	Hourly      Rate // storage_total_cost, or StorageCost × Size when that is not told
	Instances   []InstanceID
	Start       time.Time
	Geolocation safetext.Text
	Country     string        // two letters, "" when not told
	Kind        safetext.Text // the wire's type: "machine" lies on one machine; empty = not told
	Cluster     ClusterID     // the host's network that a network volume lies in; 0 = not told
}

// Network reports whether the volume is said to be one that is not bound to a machine.
func (v *Volume) Network() bool { return strings.Contains(strings.ToLower(v.Kind.String()), "network") }

// VolumeList is all volumes of the account.
type VolumeList struct {
	Volumes []Volume
	Bad     int // rows that could not be read
}
