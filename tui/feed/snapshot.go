package feed

import (
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// Snapshot is everything the program knows from the API at one moment. Only a
// Folder changes it, and only while an answer is taken in.
type Snapshot struct {
	Offers    Feed[Market]
	Instances Feed[vastapi.InstancePage]
	Volumes   Feed[vastapi.VolumeList]
	User      Feed[vastapi.User]

	// Burn is what the account spends now and Running how many instances run.
	// They are worked out when instances or volumes arrive, because every frame
	// shows them.
	Burn    pricing.Burn
	Running int
}

// Folder is an answer that changes the snapshot, and nothing else.
type Folder interface{ Fold(*Snapshot) }

// Derive works out what follows from instances and volumes.
func (s *Snapshot) Derive() {
	list := s.Instances.Value.Instances
	s.Burn = pricing.Account(list, s.Volumes.Value.Volumes)
	s.Running = 0
	for n := range list {
		if list[n].Actual.String() == "running" {
			s.Running++
		}
	}
}

// Instance finds an instance by its id.
func (s *Snapshot) Instance(id vastapi.InstanceID) (vastapi.Instance, bool) {
	for _, i := range s.Instances.Value.Instances {
		if i.ID == id {
			return i, true
		}
	}
	return vastapi.Instance{}, false
}
