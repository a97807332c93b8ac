package store

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// state1 is the shape of version 1 of the state, where it differs from that of today.
type state1 struct {
	LastView string `json:"last_view"`
	Sort     map[string]struct {
		Column  string `json:"column"`
		Reverse bool   `json:"reverse"`
	} `json:"sort"`
	Columns  map[string][]string `json:"columns"`
	Searches []Search            `json:"searches"`
	Blocks   []struct {
		Subject string    `json:"subject"` // "host 42"
		Reason  string    `json:"reason"`
		Since   time.Time `json:"since"`
	} `json:"blocks"`
	Notes     map[string]string `json:"notes"`
	RentForms []RentForm        `json:"rent_forms"`
}

// stateOf1 takes over data of version 1. A block whose subject is neither a host nor a machine is
// left out.
func stateOf1(data json.RawMessage) (State, error) {
	var old state1
	if err := json.Unmarshal(data, &old); err != nil {
		return State{}, err
	}
	s := State{LastView: old.LastView, Searches: old.Searches, Notes: old.Notes, RentForms: old.RentForms}
	for name, columns := range old.Columns {
		s.setTable(name, Table{Columns: columns})
	}
	for name, sort := range old.Sort {
		s.setTable(name, Table{Columns: old.Columns[name], Sort: sort.Column, Reverse: sort.Reverse})
	}
	for _, b := range old.Blocks {
		kind, number, _ := strings.Cut(b.Subject, " ")
		id, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			continue
		}
		block := Block{Reason: b.Reason, Since: b.Since}
		switch kind {
		case "host":
			block.Host = id
		case "machine":
			block.Machine = id
		default:
			continue
		}
		s.Blocks = append(s.Blocks, block)
	}
	return s, nil
}

func (s *State) setTable(name string, t Table) {
	if s.Tables == nil {
		s.Tables = map[string]Table{}
	}
	s.Tables[name] = t
}
