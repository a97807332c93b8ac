package vastapi

// offerFields are read of an offer (API reference, search offers; recorded answers).
func offerFields() []wireField {
	const reliability, id = "the reliability shows as –, and the usual filter on it lets nothing through", "no offer can be read: the market is empty"
	return []wireField{
		{"id", someNumber, always, id, "ask_contract_id"},
		{"ask_contract_id", someNumber, always, id, "id"},
		{"machine_id", someNumber, always, "machines are not known again: marks, blocks, notes and price history do not hold", ""},
		{"host_id", someNumber, always, "hosts are not known again: blocked ones come back", ""},

		{"gpu_name", aText, usual, "the GPU shows as –, and no query for a model finds anything", ""},
		{"num_gpus", aNumber, always, "the number of GPUs shows as –", ""},
		{"gpu_ram", someNumber, usual, "the memory of a GPU shows as –", ""},
		{"gpu_total_ram", aNumber, usual, "the memory of all GPUs is worked out from that of one", "gpu_totalram"},
		{"gpu_totalram", aNumber, sometimes, "the memory of all GPUs is worked out from that of one", "gpu_total_ram"},
		{"gpu_frac", aNumber, usual, "the share of the machine shows as –", ""},
		{"gpu_arch", aText, usual, "the maker of the GPU shows as –", ""},
		{"gpu_mem_bw", aNumber, usual, "the bandwidth of the GPU's memory shows as –", ""},
		{"gpu_max_power", aNumber, usual, "the power limit of the GPU shows as –", ""},
		{"gpu_max_temp", aNumber, usual, "the temperature limit of the GPU shows as –", ""},
		{"gpu_display_active", aTruth, usual, "whether a screen is attached to the GPU is not known", ""},
		{"bw_nvlink", aNumber, usual, "NVLink shows as –", ""},
		{"compute_cap", aNumber, usual, "the compute capability shows as –", ""},
		{"cuda_max_good", someNumber, usual, "the CUDA version shows as –, and images cannot be checked against it", ""},
		{"total_flops", aNumber, usual, "TFLOPS show as –", ""},
		{"dlperf", aNumber, usual, "DLPerf shows as –", ""},
		{"dlperf_per_dphtotal", aNumber, usual, "DLPerf per dollar shows as –", ""},
		{"flops_per_dphtotal", aNumber, usual, "TFLOPS per dollar show as –", ""},
		{"pci_gen", aNumber, usual, "the PCIe generation shows as –", ""},
		{"pcie_bw", aNumber, usual, "the PCIe bandwidth shows as –", ""},
		{"driver_version", aText, usual, "the driver shows as –", ""},
		{"driver_vers", aNumber, usual, "drivers are compared by their text", "driver_version"},

		{"cpu_name", aText, usual, "the CPU shows as –", ""},
		{"cpu_arch", aText, usual, "the kind of CPU shows as –", ""},
		{"cpu_cores", aNumber, usual, "the cores of the machine show as –", ""},
		{"cpu_cores_effective", aNumber, usual, "the cores of an offer show as –", ""},
		{"cpu_ghz", aNumber, usual, "the clock of the CPU shows as –", ""},
		{"cpu_ram", aNumber, usual, "the main memory shows as –", ""},
		{"has_avx", aTruth, usual, "AVX shows as –", ""},
		{"mobo_name", aText, usual, "the mainboard shows as –", ""},
		{"disk_space", aNumber, usual, "the free disk shows as –, and no size can be checked against it", ""},
		{"disk_bw", aNumber, usual, "the speed of the disk shows as –", ""},
		{"disk_name", aText, usual, "the kind of disk shows as –", ""},
		{"os_version", aText, usual, "the system of the host shows as –", ""},
		{"inet_up", aNumber, usual, "the upload speed shows as –", ""},
		{"inet_down", aNumber, usual, "the download speed shows as –", ""},
		{"direct_port_count", aNumber, usual, "the number of open ports shows as –", ""},
		{"static_ip", aTruth, usual, "whether the address stays is not known", ""},
		{"public_ipaddr", aText, usual, "the address of the machine shows as –", ""},
		{"vms_enabled", aTruth, sometimes, "whether virtual machines can be rented is not known", ""},
		{"cluster_id", aNumber, sometimes, "clusters are not known", ""},

		{"dph_base", aNumber, always, "the price of the GPUs shows as –", ""},
		{"dph_total", someNumber, always, "prices show as –, and nothing can be rented", ""},
		{"discounted_dph_total", aNumber, usual, "prices of reservations show as –", ""},
		{"min_bid", aNumber, usual, "the least bid shows as –, and bids cannot be checked against it", ""},
		{"storage_cost", aNumber, usual, "the price of disk shows as –", ""},
		{"storage_total_cost", aNumber, usual, "the price of disk is worked out from its size", "storage_cost"},
		{"inet_up_cost", aNumber, usual, "the price of traffic sent shows as –, and costs leave it out", ""},
		{"inet_down_cost", aNumber, usual, "the price of traffic received shows as –, and costs leave it out", ""},
		{"is_bid", aTruth, usual, "which prices are bids is known from the search alone", ""},
		{"avail_vol_ask_id", aNumber, sometimes, "no volume can be rented along with a machine", ""},
		{"avail_vol_size", aNumber, sometimes, "the room for volumes shows as –", ""},
		{"avail_vol_dph", aNumber, sometimes, "the price of volumes shows as –", ""},

		{"score", aNumber, usual, "the score shows as –, and sorting by it does nothing", ""},
		{"reliability", aNumber, usual, reliability, "reliability2"},
		{"reliability2", aNumber, usual, reliability, "reliability"},
		{"verification", aText, usual, "whether a machine is verified is not known, and the usual filter on it lets nothing through", ""},
		{"hosting_type", aNumber, usual, "data centres are not told from others", ""},
		{"rentable", aTruth, usual, "whether an offer can be rented is not known before it is tried", ""},
		{"rented", aTruth, usual, "your own machines are not marked among the offers", ""},
		{"external", aTruth, sometimes, "offers of other markets are not told from others", ""},
		{"geolocation", aText, usual, "the place shows as –, and no query for a country finds anything", ""},
		{"duration", aNumber, usual, "how long an offer can be rented shows as –", "end_date"},
		{"end_date", aTime, usual, "how long an offer can be rented shows as –", "duration"},
	}
}

// offerKnown are fields of offers that are documented, or were seen, and not read.
const offerKnown = `bundle_id bundled_results credit_discount_max discount_rate discounted_hourly dph_total_adj
	expected_reliability target_reliability has_sla sla_r_claim sla_sigma_x geolocode country_code gpu_ids gpu_lanes hostname
	search instance internet_up_cost_per_tb internet_down_cost_per_tb is_vm_deverified logo
	nw_disk_min_bw nw_disk_avg_bw nw_disk_max_bw pending_count platform_fee reliability_mult resource_type rn start_date
	time_remaining time_remaining_isbid vericode vram_costperhour webpage`
