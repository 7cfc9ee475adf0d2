from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0005_vouchers"),
    ]

    operations = [
        migrations.AddField(
            model_name="checkout",
            name="save_billing_address",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="checkout",
            name="save_shipping_address",
            field=models.BooleanField(default=False),
        ),
    ]
