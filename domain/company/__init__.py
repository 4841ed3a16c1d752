"""Who the company is and what it wants: the catalog of services and people, and the policy of clocks and severities."""
