import { describePage } from "./suite/describe-page.ts";

describePage("express");
