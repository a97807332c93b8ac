package feed

import (
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// Snapshot is everything the program knows from the API at one moment. Only a
// Folder changes it, and only while an answer is taken in.
type Snapshot struct {
	Offers    Feed[Market]       // of the rental type that is shown; see OffersOf
	Kind      vastapi.RentalType // which that is; "" = on-demand
	Instances Feed[vastapi.InstancePage]
	Volumes   Feed[vastapi.VolumeList]
	User      Feed[vastapi.User]
	Journal   Feed[Journal]

	GPUNames  Feed[[]safetext.Text] // of all models, as offers spell them
	Templates Feed[TemplateList]    // of the newest query
	SSHKeys   Feed[[]vastapi.SSHKey]
	// Reports are what renters said about machines that were looked at.
	Reports map[vastapi.MachineID]Feed[[]vastapi.Report]
	// Listings are what machines that bids run on were looked up for on demand.
	Listings map[vastapi.MachineID]Feed[Listing]

	// Closely is how reading those of very many instances goes that are looked at.
	Closely   Feed[struct{}]
	Traces    map[vastapi.InstanceID]Trace // what polls have shown over time
	Moving    []vastapi.InstanceID         // instances on their way to another state
	Increases Feed[vastapi.PriceIncreases] // what hosts ask for, and that waits for an answer
	Remote    Remote                       // what is open over ssh

	Charges  Charges        // by the day, while somebody looks at them
	Invoices Feed[Invoices] // while somebody looks at them
	Spent    Feed[Spent]    // today and in this month, while there is a budget

	APIKeys   Feed[[]vastapi.APIKey] // while somebody looks at them
	EnvVars   Feed[[]vastapi.EnvVar] // of the account, while somebody looks at them
	Audit     Feed[AuditLog]         // while somebody looks at it
	TwoFactor Feed[vastapi.TwoFactor]
	Rights    Rights // what the key may not do, as far as it is known

	Memory  Memory                 // what is remembered between runs
	Past    Past                   // what is remembered of prices, starts and credit
	Watches map[WatchID]WatchState // by what is watched; no entry = not looked at yet

	Events []Event // what has been noticed in this run, the oldest first; the newest 500
	Noted  int     // how many there have been, those no longer kept included

	// Burn is what the account spends now and Running how many instances run.
	// They are worked out when instances or volumes arrive, because every frame
	// shows them.
	Burn    pricing.Burn
	Running int

	aside map[vastapi.RentalType]Feed[Market] // the markets that are not shown
}

// Folder is an answer that changes the snapshot, and nothing else.
type Folder interface{ Fold(*Snapshot) }

// Derive works out what follows from instances and volumes.
func (s *Snapshot) Derive() {
	list := s.Instances.Value.Instances
	s.Burn = pricing.Account(list, s.Volumes.Value.Volumes)
	if bad := s.Instances.Value.Bad + s.Volumes.Value.Bad; bad > 0 {
		s.Burn.Unknown += bad // what could not be read may bill too
		s.Burn.Total = vastapi.Unknown[vastapi.Rate]()
	}
	s.Running = 0
	for n := range list {
		if list[n].Actual.String() == "running" {
			s.Running++
		}
	}
}

// Volume finds a volume by its id.
func (s *Snapshot) Volume(id vastapi.VolumeID) (vastapi.Volume, bool) {
	for _, v := range s.Volumes.Value.Volumes {
		if v.ID == id {
			return v, true
		}
	}
	return vastapi.Volume{}, false
}

// Instance finds an instance by its id.
func (s *Snapshot) Instance(id vastapi.InstanceID) (vastapi.Instance, bool) {
	list := s.Instances.Value.Instances
	for n := range list { // not by value: an instance is large, and there can be thousands
		if list[n].ID == id {
			return list[n], true
		}
	}
	return vastapi.Instance{}, false
}
