package vastapi

import (
	"time"

	"vastdeck/vastapi/safetext"
)

// Volume is a disk that outlives instances; it stays on one machine and is
// billed for as long as it exists (GET /api/v0/volumes).
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
}

// VolumeList is all volumes of the account.
type VolumeList struct {
	Volumes []Volume
	Bad     int // rows that could not be read
}
