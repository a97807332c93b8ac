package vastapi

import (
	"errors"
	"strings"
	"sync"
)

// constancy is how often rows tell a field.
type constancy byte

const (
	always    constancy = iota // each row does
	usual                      // each row has it, null in some
	sometimes                  // rows may be without it
)

// wireField is a field that the decoder reads.
type wireField struct {
	name string // "instance.totalHour" is inside of another one
	form form
	told constancy
	lost string // what is missing without it: "the price shows as –"
	or   string // another field that says the same
}

// wireTable describes the rows of one kind.
type wireTable struct {
	list   string // the name of their list in an answer, "" = the answer is the row
	read   func(d *sorter, raw []byte) error
	order  []wireField
	fields map[string]*wireField
	known  map[string]bool // fields that are documented or were seen, and not read
	inner  map[string]bool // fields that are read inside
}

// nests reports whether fields inside of name are read.
func (t *wireTable) nests(name string) bool { return t.inner[name] }

// wireTables are the kinds of rows that are described. What is read stands in the tables
// because nobody can ask a decoder for all that it would read; a test asks it, name by
// name, whether the tables are right.
var wireTables = sync.OnceValue(func() map[Rows]*wireTable {
	return map[Rows]*wireTable{
		RowsOffers: newTable("offers", offerFields(), offerKnown, func(d *sorter, raw []byte) error {
			o := unknownOffer
			return d.offer(&scanner{b: raw}, &o)
		}),
		RowsInstances: newTable("instances", instanceFields(), instanceKnown, func(d *sorter, raw []byte) error {
			_, err := d.instance(&scanner{b: raw})
			return err
		}),
		RowsVolumes: newTable("volumes", volumeFields(), volumeKnown, func(d *sorter, raw []byte) error {
			_, err := d.volume(&scanner{b: raw})
			return err
		}),
		RowsAccount: newTable("", accountFields(), accountKnown, func(_ *sorter, raw []byte) error {
			_, err := readUser(raw)
			return err
		}),
		RowsPages: newTable("", pageFields(), pageKnown, func(_ *sorter, raw []byte) error {
			_, _, err := readInstances(raw)
			return err
		}),
	}
})

func newTable(list string, fields []wireField, known string, read func(*sorter, []byte) error) *wireTable {
	t := &wireTable{list: list, order: fields, fields: map[string]*wireField{}, known: map[string]bool{}, inner: map[string]bool{}}
	t.read = func(d *sorter, raw []byte) error {
		if s := (scanner{b: raw}); s.peek() != '{' {
			return errors.New("the row is no object")
		}
		return read(d, raw)
	}
	for n, f := range fields {
		t.fields[f.name] = &fields[n]
		if outer, _, nested := strings.Cut(f.name, "."); nested {
			t.inner[outer] = true
		}
	}
	for name := range strings.FieldsSeq(known) {
		t.known[name] = true
	}
	return t
}

// pageFields stand around the list of instances (API reference, show instances).
func pageFields() []wireField {
	return []wireField{
		{"next_token", aPage, usual, "only the first 25 instances are seen", ""},
		{"total_instances", aNumber, always, "how many instances there are is known only once all are read", ""},
	}
}

const pageKnown = "success instances instances_found label_counts"

// volumeFields are read of a volume (API reference, list volumes).
func volumeFields() []wireField {
	return []wireField{
		{"id", someNumber, always, "no volume can be read: the list is empty", ""},
		{"label", aText, usual, "volumes have no name", ""},
		{"status", aText, usual, "the state of volumes shows as –", ""},
		{"machine_id", someNumber, always, "which machine a volume lies on is not known, so it cannot be linked to a rent", "cluster_id"},
		{"disk_space", someNumber, always, "the size of volumes shows as –", ""},
		{"storage_cost", aNumber, usual, "the price of volumes shows as –", "storage_total_cost"},
		{"storage_total_cost", aNumber, usual, "the price of volumes shows as –", "storage_cost"},
		{"instances", someIDs, always, "which instances use a volume is known from the instances alone", ""},
		{"start_date", aTime, usual, "the age of volumes shows as –", ""},
		{"geolocation", aText, usual, "the place of volumes shows as –", ""},
		{"type", aText, sometimes, "local and network volumes are not told apart", ""},
		{"cluster_id", aNumber, sometimes, "which cluster a network volume is in is not known", ""},
	}
}

const volumeKnown = `ask_contract_id host_id bundle_id verification vericode reliability reliability2 reliability_mult
	hosting_type disk_bw disk_name driver_version driver_vers cuda_max_good inet_up inet_down inet_up_cost inet_down_cost
	internet_up_cost_per_tb internet_down_cost_per_tb public_ipaddr static_ip external vms_enabled cpu_arch cpu_cores cpu_cores_effective
	cpu_ghz cpu_name cpu_ram mobo_name gpu_arch os_version pci_gen pcie_bw geolocode country_code duration end_date
	time_remaining time_remaining_isbid has_avx total_flops size name nw_disk_min_bw nw_disk_avg_bw nw_disk_max_bw total_space avail_space`

// accountFields are read of the account (official client, show user; answers of
// users/current that others have published).
func accountFields() []wireField {
	return []wireField{
		{"id", someNumber, always, "the account cannot be read", ""},
		{"email", aText, usual, "the address of the account is not shown", ""},
		{"username", aText, usual, "the name of the account is not shown", ""},
		{"credit", aNumber, usual, "the credit is not known: what is left and how long it lasts show as –", "balance"},
		{"balance", aNumber, usual, "the credit is not known: what is left and how long it lasts show as –", "credit"},
		{"ssh_key", aText, sometimes, "an old key of the account is not seen", ""},
		{"balance_threshold_enabled", aTruth, sometimes, "whether the account warns of low credit is not known", ""},
		{"balance_threshold", aNumber, sometimes, "whether the account warns of low credit is not known", ""},
		{"autobill_threshold", aNumber, sometimes, "whether the account pays by itself is not known", ""},
		{"autobill_amount", aNumber, sometimes, "whether the account pays by itself is not known", ""},
		{"fullname", aText, sometimes, "the full name is not shown", ""},
		{"email_verified", aTruth, sometimes, "whether the address is confirmed is not known", ""},
		{"billing_creditonly", aTruth, sometimes, "whether the account pays in advance is not known", ""},
		{"can_pay", aTruth, sometimes, "whether the account can pay is not known", ""},
		{"key_id", someNumber, sometimes, "which of the API keys is in use is not known", ""},
		{"rights", someRights, sometimes, "what the key may do is learnt from refusals only", ""},
		{"total_spend", aNumber, sometimes, "what was spent in all is not shown", ""},
	}
}

const accountKnown = `success api_key sid user user_id normalized_email paypal_email wise_email phone_number password_resettable
	billaddress_line1 billaddress_line2 billaddress_city billaddress_zip billaddress_country billaddress_taxinfo
	has_billing has_payout host_only host_agreement_accepted last4 got_signup_credit
	paid_verified paid_expected billed_verified billed_expected tfa_enabled team_id`
