package feed

import (
	"time"

	"vastdeck/vastapi"
)

// TemplateList is the templates that matched a query.
type TemplateList struct {
	Query     vastapi.TemplateQuery
	Templates []vastapi.Template
}

// mostReports is of how many machines reports are kept.
const mostReports = 1000

// SetReports keeps what renters said about a machine, or that it could not be
// read. The machine that was told of longest ago makes room.
func (s *Snapshot) SetReports(id vastapi.MachineID, list []vastapi.Report, at time.Time, err error) {
	next := make(map[vastapi.MachineID]Feed[[]vastapi.Report], len(s.Reports)+1)
	oldest, found := vastapi.MachineID(0), false
	for k, f := range s.Reports {
		next[k] = f
		if k != id && (!found || f.At.Before(next[oldest].At)) {
			oldest, found = k, true
		}
	}
	f := next[id]
	f.Apply(list, at, err)
	next[id] = f
	if len(next) > mostReports {
		delete(next, oldest)
	}
	s.Reports = next
}
