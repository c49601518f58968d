"""Sources as the network knows them: bibliographic data, archived copies, addresses that no longer answer."""
