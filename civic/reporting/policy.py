from civic.kernel.policy import Permission, coordinator, officer_there

READ_CITY_FIGURES = Permission("reporting.read_city_figures", officer_there)
READ_WHO_TOOK_PART = Permission("reporting.read_who_took_part", officer_there)
READ_NETWORK_FIGURES = Permission("reporting.read_network_figures", coordinator)
