package volumes

import (
	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
)

// placeColumns lists the columns of the list of places; prices are for the size that is
// wanted. What a host may write stands at the end.
func placeColumns(wanted func() vastapi.GB) []spec[*vastapi.Offer] {
	type offer = *vastapi.Offer
	hourly := func(o offer) float64 { return float64(o.StorageCost.Hourly(wanted())) }
	monthly := func(o offer) float64 { return float64(o.StorageCost.Hourly(wanted()).Month()) }
	verified := words("verified", "Verified", "whether the marketplace has checked the machine", 10, 11, 6, func(o offer) string { return o.Verification.String() })
	verified.cell = func(o offer) (string, theme.Class) {
		text := figure.Text(o.Verification.String())
		if o.Verification.String() == "verified" {
			return text, theme.Good
		}
		return text, theme.Warn
	}
	region := words("region", "Region", "where the machine is, as the host says", 8, 18, 1, func(o offer) string { return place(o.Geolocation.String()) }).flexed(1)
	region.cut = cutPlace
	return []spec[*vastapi.Offer]{
		figures("month", "$/month", "$ that a volume of the wanted size costs in a month of 720 hours", 10, 0, monthly, amountOf).lowestFirst().in(theme.Money),
		figures("dph", "$/h", "$/h that a volume of the wanted size costs", 9, 3, hourly, figure.Rate).lowestFirst().in(theme.Money),
		figures("storage_cost", "$/GB month", "$ that a GB costs a month", 10, 2, func(o offer) float64 { return float64(o.StorageCost) }, perMonth).lowestFirst(),
		figures("room", "Room", "GB that are free there", 9, 0, func(o offer) float64 { return float64(o.DiskSpace) }, figure.GB),
		figures("machine", "Machine", "id of the machine", 9, 4, func(o offer) float64 { return idOf(o.MachineID) }, idNumber).lowestFirst().in(theme.Accent),
		figures("reliability", "Rel.", "% of the time that the machine was up", 6, 5, func(o offer) float64 { return o.Reliability * 100 }, figure.Percent),
		figures("days", "Offered", "time until the host takes the machine off the market; a volume ends with it", 8, 7, func(o offer) float64 {
			if o.Duration <= 0 {
				return vastapi.Unknown[float64]()
			}
			return o.Duration.Hours()
		}, figure.Hours).aging(),
		figures("disk_bw", "Disk MB/s", "MB/s of the disk", 10, 8, func(o offer) float64 { return o.DiskBW }, func(v float64) string { return figure.Decimal(v, 0) }),
		figures("down", "Down", "Mbit/s to the machine", 10, 9, func(o offer) float64 { return float64(o.InetDown) }, figure.Mbps),
		figures("up", "Up", "Mbit/s from the machine", 10, 10, func(o offer) float64 { return float64(o.InetUp) }, figure.Mbps),
		verified.fromOutside(),
		region.fromOutside(),
		words("disk_name", "Disk", "the disk, as the host says", 10, 22, 11, func(o offer) string { return o.DiskName.String() }).in(theme.Dim).fromOutside(),
	}
}
